using System.CommandLine;

namespace EventRtc.Local.Configuration;

/// <summary><c>ops/configuration</c></summary>
internal static class ConfigurationCommand
{
    public static Command Build()
    {
        var check = new Option<bool>("--check") { Description = "Write nothing; exit code 1 when a file is not current." };
        var command = new Command("configuration", "Writes docs/configuration.md, and the list of all settings that services check names against, from the options records.") { check };
        command.Hidden = true; // it is called by its own script
        command.SetAction((arguments, _) => Run(arguments.GetValue(check)));
        return command;
    }

    private static async Task<int> Run(bool check)
    {
        var programs = await ProgramSettings.OfAll();
        var files = ConfigurationFiles.Of(programs);
        var outdated = ConfigurationFiles.Outdated(files);
        var faults = SettingsReview.FaultsOf(programs);
        foreach (var fault in faults)
            await Console.Error.WriteLineAsync(fault);
        if (!check)
            ConfigurationFiles.Write(files);
        foreach (var path in outdated)
            Console.WriteLine(check ? $"{path} is not current: run {ConfigurationFiles.Command}" : $"{path} written");
        if (outdated.Count == 0)
            Console.WriteLine($"{string.Join(" and ", files.Keys)} are current");
        return faults.Count > 0 || (check && outdated.Count > 0) ? 1 : 0;
    }
}
