using System.Text.RegularExpressions;
using EventRtc.JsonRpc;
using EventRtc.Visitors;
using Xunit;

namespace EventRtc.Services.Tests.Gateway;

/// <summary>The end-to-end run searches the logs of all services without the framework's debug lines; here they are, of the one service to which visitors bring pins and tokens.</summary>
public sealed partial class LogTests(GatewayRig rig) : IClassFixture<GatewayRig>
{
    private const string WrongPin = "Wr0ngP";

    [Fact]
    public async Task With_the_frameworks_debug_lines_too_no_pin_and_no_token_is_logged()
    {
        var room = await rig.OnAir();
        var (user, token) = await rig.Admit(room);
        var (other, otherToken) = await rig.Admit(room);
        var forged = $"{token[..token.LastIndexOf('.')]}.{new string('x', 43)}";
        await using var gateway = await rig.StartGateway("gateway-debug", ("LOG_LEVEL", "debug"), ("LOG_LEVEL__MICROSOFT", "debug"), ("LOG_LEVEL__SYSTEM", "debug"));

        await using var refused = await GatewayClient.Connect(rig.Address(forged, gateway: gateway), user);
        await refused.Closed;
        await using var visitor = await GatewayClient.Connect(rig.Address(token, gateway: gateway), user);
        await Assert.ThrowsAsync<RpcException>(() => visitor.Join(WrongPin));
        await visitor.Join(GatewayRig.Pin);
        await visitor.Offer();
        visitor.Drop();
        await visitor.Closed;
        await using var leaver = await GatewayClient.Connect(rig.Address(null, gateway: gateway), other, bearer: otherToken);
        await leaver.Join(GatewayRig.Pin);
        await leaver.Ask("leave");
        await leaver.Closed;
        await gateway.Stop();

        var log = await File.ReadAllLinesAsync(gateway.LogFile);
        Assert.Contains(log, line => line.Contains(" DBG ", StringComparison.Ordinal) && line.Contains(" Microsoft.AspNetCore ", StringComparison.Ordinal));
        Assert.Contains(log, line => line.Contains("/ws?token=***", StringComparison.Ordinal));
        string[] secrets = [WrongPin, token, otherToken, forged, visitor.Jtoken!, leaver.Jtoken!, GatewayRig.Secret];
        Assert.DoesNotContain(log, line => secrets.Any(secret => line.Contains(secret, StringComparison.Ordinal)) || Pin().IsMatch(line) || AnyToken().IsMatch(line));
    }

    /// <summary>As a word: six digits are within many an id.</summary>
    [GeneratedRegex(@"(?<![\w.-])" + GatewayRig.Pin + @"(?![\w-])")]
    private static partial Regex Pin();

    [GeneratedRegex(@"eyJ[\w-]{10,}\.")]
    private static partial Regex AnyToken();
}
