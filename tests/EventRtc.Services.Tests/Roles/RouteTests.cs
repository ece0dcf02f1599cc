using System.Reflection;
using System.Runtime.CompilerServices;
using EventRtc.Contracts.Tokens;
using EventRtc.EventStore;
using EventRtc.Projector;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EventRtc.Services.Tests.Roles;

/// <summary>A new route that does not say who may call it fails here.</summary>
public sealed class RouteTests
{
    private static readonly Dictionary<string, Action<WebApplication>> Services = new()
    {
        ["rooms"] = EventRtc.Rooms.Http.Routes.MapRooms,
        ["users"] = EventRtc.Users.Http.Routes.MapUsers,
        ["projector"] = Operations.MapOperations,
        ["hls"] = Hls.Routes.MapHls,
    };

    [Fact]
    public void Every_row_of_the_table_is_of_a_service() => Assert.Equal(Services.Keys, RoleTable.Rows.Select(row => row.Service).Distinct());

    [Theory]
    [InlineData("rooms")]
    [InlineData("users")]
    [InlineData("projector")]
    [InlineData("hls")]
    public void The_table_has_every_route_of_a_service_and_no_other(string service) => Assert.Equal(
        RoleTable.Of(service).Select(row => $"{row.Method} {row.Path}").Order(StringComparer.Ordinal),
        RoutesOf(service).SelectMany(Names).Order(StringComparer.Ordinal));

    /// <summary>The HLS service is for everybody who listens and has no staff: its key route looks at tokens by itself.</summary>
    [Theory]
    [InlineData("rooms")]
    [InlineData("users")]
    [InlineData("projector")]
    public void Every_route_says_who_may_call_it_as_the_table_does(string service) => Assert.All(
        RoutesOf(service),
        route => Assert.Equal(
            RoleTable.Of(service).Single(row => Names(route).Contains($"{row.Method} {row.Path}")).Who.Aggregate(Who.None, (all, word) => all | WhoOf(word)),
            route.Metadata.OfType<Who>().SingleOrDefault()));

    private static Who WhoOf(string word) => word == "everybody" ? Who.Anyone : Enum.Parse<Who>(word, ignoreCase: true);

    /// <summary>Constraints and the slash of a group's own address are left out.</summary>
    private static IEnumerable<string> Names(RouteEndpoint route) => route.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
        .Select(method => $"{method} {route.RoutePattern.RawText!.Replace(":long", "", StringComparison.Ordinal).TrimEnd('/')}");

    /// <summary>As the service maps them, with nothing behind: each type that a handler may ask for is there by name, and none is ever made.</summary>
    private static List<RouteEndpoint> RoutesOf(string service)
    {
        var map = Services[service];
        var builder = WebApplication.CreateSlimBuilder();
        Assembly[] parts = [map.Method.Module.Assembly, typeof(Access).Assembly, typeof(PostgresEventStore).Assembly];
        foreach (var type in parts.SelectMany(part => part.GetTypes()).Where(IsService))
            builder.Services.AddSingleton(type, _ => throw new NotSupportedException($"{type} is not for use"));
        builder.Services.AddSingleton(TimeProvider.System);
        using var app = builder.Build();
        map(app);
        return [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()];
    }

    private static bool IsService(Type type) =>
        type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false } && type.GetCustomAttribute<CompilerGeneratedAttribute>() is null;
}
