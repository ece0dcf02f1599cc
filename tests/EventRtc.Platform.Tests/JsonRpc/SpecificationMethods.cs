using System.Text.Json;
using EventRtc.JsonRpc;
using Microsoft.Extensions.Logging.Abstractions;

namespace EventRtc.Platform.Tests.JsonRpc;

/// <summary>The methods of the specification's examples, served by every transport under test.</summary>
internal static class SpecificationMethods
{
    public sealed record Difference(int Minuend, int Subtrahend);

    public sealed record Greeting(string Name);

    public sealed record Nothing;

    public static RpcMethods Create() => new RpcMethods(NullLogger<RpcMethods>.Instance)
        .On<Difference, int>("subtract", (p, _, _) => Task.FromResult(p.Minuend - p.Subtrahend))
        .On<int[], int>("sum", (numbers, _, _) => Task.FromResult(numbers.Sum()))
        .On<Nothing, object[]>("get_data", (_, _, _) => Task.FromResult<object[]>(["hello", 5]))
        .On<int[]>("update", (_, _, _) => Task.CompletedTask)
        .On<Nothing>("notify_hello", (_, _, _) => Task.CompletedTask)
        .On<int[]>("notify_sum", (_, _, _) => Task.CompletedTask)
        .On<Greeting, string>("greet", (p, _, _) => Task.FromResult($"Hello {p.Name}"))
        .On<JsonElement, JsonElement>("echo", (given, _, _) => Task.FromResult(given))
        .On<Nothing>("crash", (_, _, _) => throw new InvalidDataException("secret words"))
        .On<Nothing>("late", (_, _, _) => throw new TimeoutException("secret words"))
        .On<Nothing>("away", (_, _, _) => throw new IOException("secret words"))
        .TreatAsTransient([typeof(IOException)])
        .On<Nothing, nint>("unwritable", (_, _, _) => Task.FromResult<nint>(1))
        .On<Nothing>("full", (_, _, _) => throw new RpcException(RpcErrors.Conflict, "The room is full.", new RpcErrorData("room_full", true, RetryAfterMs: 500)));
}
