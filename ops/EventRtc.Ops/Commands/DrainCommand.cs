using System.CommandLine;
using EventRtc.Domain;
using EventRtc.Ops.Modules;
using Spectre.Console;

namespace EventRtc.Ops.Commands;

/// <summary><c>eventrtc drain MODULE</c></summary>
internal static class DrainCommand
{
    public static Command Build()
    {
        var module = ModuleArgument.Named();
        var wait = new Option<bool>("--wait") { Description = "Waits until the module is drained, and shows how many rooms are left. Exit code 1, and why, when it is not in time." };
        var timeout = DurationOption.Named("--timeout", "How long --wait waits: 90s, 5m.", TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(1), TimeSpan.FromHours(24));
        var ttl = MarkCommand.TtlOption();
        var token = RoomsService.TokenOption();
        return new Command("drain", "Moves a module's rooms away one by one, so that it can be stopped; each room is without sound for about a second at most. 'eventrtc unmark' ends it. Example: eventrtc drain janus-1 --wait")
            { module, wait, timeout, ttl, token }
            .Does(async (arguments, ct) =>
            {
                using var rooms = new RoomsService(arguments.GetValue(token));
                var meant = await ModuleArgument.Find(rooms, arguments.GetRequiredValue(module), ct);
                var held = (await rooms.Modules(ct)).FirstOrDefault(one => one.Name == $"{meant}")?.RoomsLeft ?? 0; // before the first one moves
                await rooms.Mark(meant, ModuleLabels.Draining, arguments.GetValue(ttl), ct);
                if (!arguments.GetValue(wait))
                {
                    AnsiConsole.WriteLine($"{meant} is draining: its rooms move away one by one, then it reads drained. 'eventrtc modules' shows it.");
                    return Failures.Done;
                }
                var drain = new Drain(rooms, meant, held, arguments.GetValue(timeout), TimeProvider.System);
                var moved = await WorkBar.Show(bar => drain.Wait(bar is null ? null : (gone, all) => bar("rooms moved", gone, all), ct));
                AnsiConsole.WriteLine($"{meant} is drained: {moved} {(moved == 1 ? "room has" : "rooms have")} moved away.");
                return Failures.Done;
            });
    }
}
