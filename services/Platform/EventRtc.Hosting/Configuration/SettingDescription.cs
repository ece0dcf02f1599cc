using System.Reflection;

namespace EventRtc.Hosting.Configuration;

/// <summary>One setting, as <c>--settings</c> prints it and docs/configuration.md shows it.</summary>
/// <param name="Name">The variable; with a placeholder in braces for a family.</param>
/// <param name="Concern">What it is bound under: <c>ETCD</c>.</param>
/// <param name="About">What the record is about.</param>
/// <param name="Source">The record and its property: <c>EtcdOptions.DialTimeout</c>.</param>
/// <param name="Comment">The property's doc comment.</param>
/// <param name="Facts">What the doc comment must end with: default and range.</param>
/// <param name="Takes">What it may be: <c>duration, 10ms to 5m</c>.</param>
/// <param name="Default">As it would be written; null when there is none.</param>
/// <param name="Required">The service does not start without it.</param>
/// <param name="Secret">Never repeated in messages.</param>
/// <param name="Bounded">It has a range, or needs none.</param>
public sealed record SettingDescription(
    string Name, string Concern, string About, string Source, string Comment, string Facts, string Takes, string? Default, bool Required, bool Secret, bool Bounded)
{
    /// <param name="options">A record as it is when nothing is given.</param>
    public static IEnumerable<SettingDescription> Of(string prefix, object options)
    {
        var fresh = Activator.CreateInstance(options.GetType())!;
        return Settings.Of(options.GetType()).Select(property => Of(prefix, property, property.GetValue(options), property.GetValue(fresh)));
    }

    public static SettingDescription Of(SettingFamily family) => new(
        $"{family.Stem}{{{family.Placeholder}}}", family.Stem.Split('_')[0], "", family.Pattern, $"{family.Text} ", "", family.Takes, family.Default, Required: false, Secret: false, Bounded: true);

    private static SettingDescription Of(string prefix, PropertyInfo property, object? value, object? fresh)
    {
        var record = property.DeclaringType!;
        var required = SettingRules.BrokenBy(property, value) is not null;
        var words = property.GetCustomAttribute<DefaultIsAttribute>()?.Words;
        return new SettingDescription(
            SettingKeys.Variable(prefix, property.Name), prefix, DocComments.Of(record), $"{record.Name}.{property.Name}",
            DocComments.Of(property, name => SettingKeys.Variable(prefix, name)), SettingFacts.Of(property, fresh), SettingFacts.Takes(property),
            required ? null : !Equals(value, fresh) || words is null ? SettingText.Written(value) is { Length: > 0 } text ? text : null : words,
            required, SettingRules.IsSecret(property), SettingFacts.IsBounded(property));
    }
}
