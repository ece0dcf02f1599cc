using System.Text;
using EventRtc.Streams;
using EventRtc.Streams.Protocol;
using Xunit;

namespace EventRtc.Platform.Tests.Streams;

public sealed class RespReaderTests
{
    [Theory, InlineData(1), InlineData(2), InlineData(7), InlineData(4096), InlineData(int.MaxValue)]
    public async Task Replies_are_decoded_however_they_are_cut(int atMost)
    {
        var large = new string('x', 100_000) + "\r\n+OK\r\n";
        var reader = Reader($"+OK\r\n:-42\r\n$-1\r\n*-1\r\n$0\r\n\r\n${large.Length}\r\n{large}\r\n*3\r\n$2\r\na\n\r\n*0\r\n*2\r\n:1\r\n+\r\n-WRONGTYPE no\r\n:7\r\n", atMost);

        Assert.Equal("OK", (string?)await reader.Read());
        Assert.Equal(-42, (long)await reader.Read());
        Assert.True((await reader.Read()).IsNull);
        Assert.True((await reader.Read()).IsNull);
        Assert.Equal("", (string?)await reader.Read());
        Assert.Equal(large, (string?)await reader.Read());
        var nested = await reader.Read();
        Assert.Equal(3, nested.Length);
        Assert.Equal("a\n", (string?)nested[0]);
        Assert.Equal(0, nested[1].Length);
        Assert.Equal((1, ""), ((int)nested[2][0], (string)nested[2][1]!));
        Assert.Equal("WRONGTYPE", (await reader.Read()).Error!.Code);
        Assert.Equal(7, (int)await reader.Read());
        await Assert.ThrowsAsync<EndOfStreamException>(() => reader.Read().AsTask());
    }

    [Fact]
    public async Task A_long_error_is_read_whole()
    {
        var text = "ERR " + new string('e', 200_000);
        Assert.Equal(text, (await Reader($"-{text}\r\n", 5000).Read()).Error!.Message);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("\r\n")]
    [InlineData(":12x\r\n")]
    [InlineData("$-2\r\n")]
    [InlineData("$99999999999\r\n")]
    [InlineData("*99999999\r\n")]
    [InlineData("$3\r\nabcd\r\n")]
    public async Task What_is_not_Redis_is_refused(string bytes) =>
        await Assert.ThrowsAsync<InvalidDataException>(() => Reader(bytes, int.MaxValue).Read().AsTask());

    [Fact]
    public async Task Endless_nesting_and_endless_lines_are_refused()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => Reader(string.Concat(Enumerable.Repeat("*1\r\n", 1000)), 100).Read().AsTask());
        await Assert.ThrowsAsync<InvalidDataException>(() => Reader("+" + new string('x', 3_000_000), 65536).Read().AsTask());
    }

    private static RespReader Reader(string bytes, int atMost) => new(new Trickle(Encoding.UTF8.GetBytes(bytes), atMost), TimeProvider.System);

    /// <summary>Gives at most so many bytes at a time, every other time only after a wait, as a network does.</summary>
    private sealed class Trickle(byte[] bytes, int atMost) : MemoryStream(bytes)
    {
        private int reads;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (reads++ % 2 == 1)
                await Task.Yield();
            return await base.ReadAsync(buffer[..Math.Min(buffer.Length, atMost)], cancellationToken);
        }
    }
}
