using EventRtc.Contracts.Clients;
using EventRtc.Gateway.Connections;
using Xunit;

namespace EventRtc.Services.Tests.Gateway;

public sealed class StatusFeedTests
{
    [Fact]
    public void Older_statuses_are_dropped()
    {
        var passed = new List<long>();
        var feed = new StatusFeed(status => passed.Add(status.Version));
        foreach (var version in (long[])[3, 2, 3, 7, 5])
            feed.Pass(new RoomStatus(version, []));
        Assert.Equal([3, 7], passed);
    }

    [Fact]
    public void A_newer_one_does_not_overtake_one_that_is_being_passed_on()
    {
        var passed = new List<long>();
        Thread? newer = null;
        StatusFeed feed = null!;
        feed = new StatusFeed(status =>
        {
            if (status.Version == 1)
            {
                newer = new Thread(() => feed.Pass(new RoomStatus(2, [])));
                newer.Start();
                newer.Join(TimeSpan.FromMilliseconds(200)); // as the scheduler may well do here
            }
            passed.Add(status.Version);
        });

        feed.Pass(new RoomStatus(1, []));
        newer!.Join();

        Assert.Equal([1, 2], passed);
    }
}
