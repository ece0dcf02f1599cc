using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using Xunit;

namespace EventRtc.Services.Tests.Contracts;

/// <summary>Ten thousand tokens that are nearly right: never an exception, and never more let in than was signed.</summary>
[Collection(HeapCollection.Name)]
public sealed class TokenFuzzTests
{
    private const int Tokens = 10_000;

    /// <summary>Bytes that reading all of them may leave behind. The smallest object has 24, so this is less than one for every second token.</summary>
    private const long MayGrow = 10 * Tokens;

    private const string Room = "fuzz-room";
    private static readonly string Secret = new('f', 32);
    private static readonly long Now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private readonly RoomTokens rooms = new(new JwtOptions { Secret = Secret }, TimeProvider.System);
    private readonly StaffTokens staff = new(new JwtOptions { Secret = Secret }, TimeProvider.System);

    [Fact]
    public void Every_token_is_read_or_refused_for_a_reason()
    {
        const int seed = 20261120;
        var (good, faults) = (0, new HashSet<TokenFault>());
        var fuzz = new TokenFuzz(seed, Secret, Room, Now);
        for (var n = 0; n < Tokens; n++)
        {
            var token = fuzz.Next();
            try
            {
                var (member, officer) = (rooms.Verify(token), staff.Verify(token));
                Assert.False(member.Claims is not null && officer.Claims is not null, "a token of both kinds");
                foreach (var end in (long?[])[member.Claims?.Exp, officer.Claims?.Exp])
                    Assert.False(end <= Now - Jwt.ClockSkew.TotalSeconds, "a token that has ended");
                Assert.True(officer.Claims is null || StaffClaims.IsName(officer.Claims.Name), "a name that is none");
                good += member.Claims is null && officer.Claims is null ? 0 : 1;
                if (member is TokenReading<Claims>.Bad { Why: var why })
                    faults.Add(why);
            }
            catch (Exception fault)
            {
                Assert.Fail($"Seed {seed}, token {n}: {token}\n{fault}");
            }
        }
        // The harmless changes are in it too, else nothing behind the signature was ever tried.
        Assert.True(good is > Tokens / 20 and < Tokens / 2, $"Seed {seed}: {good} good tokens");
        Assert.Superset(new HashSet<TokenFault> { TokenFault.Invalid, TokenFault.Expired, TokenFault.TooEarly }, faults);
    }

    [Fact]
    public void Reading_leaves_nothing_behind()
    {
        const int seed = 20261120;
        var fuzz = new TokenFuzz(seed, Secret, Room, Now);
        string[] tokens = [.. Enumerable.Range(0, Tokens).Select(_ => fuzz.Next())];
        ReadAll(tokens); // code and caches are there after the first time
        var before = GC.GetTotalMemory(forceFullCollection: true);
        ReadAll(tokens);

        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(grown < MayGrow, $"Seed {seed}: {grown} bytes are left of {Tokens} tokens");
        GC.KeepAlive(tokens);
    }

    private void ReadAll(string[] tokens)
    {
        foreach (var token in tokens)
        {
            rooms.Read(token);
            staff.Read(token);
        }
    }
}

/// <summary>Tests that look at the heap of this process have it for themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class HeapCollection
{
    public const string Name = "Heap";
}
