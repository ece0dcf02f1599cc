using EventRtc.Hosting.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EventRtc.Hosting;

/// <summary>How the parts of a service ask for their settings while it is put together.</summary>
public static class SettingsOfBuilder
{
    /// <summary>Reads an options record under a prefix and registers it.</summary>
    /// <param name="standard">A record with other defaults than its own.</param>
    public static T AddSettings<T>(this IHostApplicationBuilder builder, string prefix, T? standard = null) where T : class, new()
    {
        var options = builder.Book().Add(prefix, standard);
        builder.Services.AddSingleton(options);
        return options;
    }

    /// <inheritdoc cref="SettingsBook.Add(SettingFamily)"/>
    public static IReadOnlyDictionary<string, GivenSetting> AddSettings(this IHostApplicationBuilder builder, SettingFamily family) => builder.Book().Add(family);

    /// <summary>A record that was added before.</summary>
    public static T Settings<T>(this IHostApplicationBuilder builder) => builder.Book().Get<T>();

    /// <inheritdoc cref="SettingsBook.Try"/>
    public static T Try<T>(this IHostApplicationBuilder builder, Func<T> make, T otherwise) => builder.Book().Try(make, otherwise);

    /// <inheritdoc cref="SettingsBook.Demand"/>
    public static void Demand(this IHostApplicationBuilder builder, string variable, Func<string?> fault) => builder.Book().Demand(variable, fault);

    internal static void Use(this IHostApplicationBuilder builder, SettingsBook book) => builder.Properties[typeof(SettingsBook)] = book;

    private static SettingsBook Book(this IHostApplicationBuilder builder) => (SettingsBook)builder.Properties[typeof(SettingsBook)];
}
