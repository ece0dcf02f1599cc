namespace EventRtc.Hosting.Configuration;

/// <summary>All settings that one process has asked for: where they come from, what was wrong with them, and what they are.</summary>
public sealed class SettingsBook(SettingSources sources)
{
    private readonly List<(string Prefix, object Options)> records = [];
    private readonly List<SettingFamily> families = [];
    private readonly List<(string Variable, Func<string?> Fault)> demands = [];
    private readonly List<string> faults = [];

    /// <summary>Fills a record. What cannot be used is remembered for <see cref="Check"/> and has its default until then, so that all faults are told at once.</summary>
    /// <param name="standard">A record with other defaults than its own; it is filled.</param>
    public T Add<T>(string prefix, T? standard = null) where T : class, new()
    {
        var options = standard ?? new T();
        records.Add((prefix, options));
        faults.AddRange(Settings.Fill(options, prefix, sources));
        return options;
    }

    /// <returns>The settings of that family that were given, by what follows the stem.</returns>
    public IReadOnlyDictionary<string, GivenSetting> Add(SettingFamily family)
    {
        families.Add(family);
        return sources.Environment.Keys.Concat(sources.InFiles.Select(setting => setting.Variable))
            .Where(name => name.StartsWith(family.Stem, StringComparison.Ordinal) && name.Length > family.Stem.Length && sources.Find(name) is not null).Distinct()
            .ToDictionary(name => name[family.Stem.Length..], name => sources.Find(name)!, StringComparer.Ordinal);
    }

    /// <summary>Makes something of settings. What it throws is remembered for <see cref="Check"/>, and the other thing stands in until then.</summary>
    public T Try<T>(Func<T> make, T otherwise)
    {
        try
        {
            return make();
        }
        catch (SettingsException fault)
        {
            faults.Add(fault.Message);
            return otherwise;
        }
    }

    /// <summary>
    /// What must hold beside the values of one record: <see cref="Check"/> asks it once all is known, and nobody does when a service only says which settings it takes. It counts for nothing
    /// when the variable's value could not be used at all.
    /// </summary>
    /// <param name="variable">The one that is to change.</param>
    /// <param name="fault">Null when it holds.</param>
    public void Demand(string variable, Func<string?> fault) => demands.Add((variable, fault));

    /// <summary>A record that was added before.</summary>
    public T Get<T>() => records.Select(record => record.Options).OfType<T>().First();

    /// <summary>Runs what puts a service together from its settings; a failure counts for nothing beside settings that cannot be used, as it may come from their defaults.</summary>
    /// <exception cref="SettingsException">Settings cannot be used, or there are none of such a name; the message names all of them.</exception>
    public void Check(Action build)
    {
        try
        {
            build();
        }
        catch (SettingsException fault)
        {
            faults.Add(fault.Message);
        }
        catch (Exception) when (faults.Count > 0)
        {
            throw new SettingsException(Faults());
        }
        foreach (var (variable, fault) in demands)
            if (!faults.Exists(known => known.StartsWith($"{variable}: ", StringComparison.Ordinal)) && fault() is { } broken)
                faults.Add($"{variable}: {broken}");
        if (Faults() is [_, ..] found)
            throw new SettingsException(found);
    }

    public IReadOnlyList<SettingDescription> Describe() =>
    [
        .. records.SelectMany(record => SettingDescription.Of(record.Prefix, record.Options)).DistinctBy(setting => setting.Name),
        .. families.Select(SettingDescription.Of),
    ];

    private List<string> Faults()
    {
        var names = records.SelectMany(record => Settings.Of(record.Options.GetType()).Select(property => SettingKeys.Variable(record.Prefix, property.Name)));
        var known = KnownSettings.OfAllServices.With([.. names, .. families.Select(family => family.Pattern)]);
        return [.. faults, .. UnknownSettings.In(sources, records.Select(record => record.Prefix), known)];
    }
}
