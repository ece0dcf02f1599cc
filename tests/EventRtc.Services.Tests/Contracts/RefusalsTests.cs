using EventRtc.Contracts;
using EventRtc.Domain;
using EventRtc.JsonRpc;
using Xunit;

namespace EventRtc.Services.Tests.Contracts;

public sealed class RefusalsTests
{
    [Theory]
    [InlineData(RejectionKind.Invalid, 400, -32602)]
    [InlineData(RejectionKind.NotFound, 404, -32004)]
    [InlineData(RejectionKind.Conflict, 409, -32009)]
    [InlineData(RejectionKind.Unavailable, 503, -32050)]
    public void Each_kind_has_one_status_and_one_code(RejectionKind kind, int http, int rpc)
    {
        Assert.Equal(http, kind.ToHttpStatus());
        Assert.Equal(rpc, kind.ToRpcCode());
    }

    [Fact]
    public void No_kind_is_forgotten() => Assert.All(Enum.GetValues<RejectionKind>(), kind => Assert.NotEqual(0, kind.ToHttpStatus()));

    [Fact]
    public void A_refusal_survives_the_way_over_JSON_RPC()
    {
        Assert.All((Rejection[])[RoomRejections.NotFound, RoomRejections.Full, RoomRejections.NoCapacity], why => Assert.Equal(why, why.ToRpc().ToRejection()));
        Assert.Equal("room_full", RoomRejections.Full.ToRpc().Reason);
        Assert.True(RoomRejections.NoCapacity.ToRpc().Retryable);
    }

    [Fact]
    public void A_fault_is_no_refusal()
    {
        Assert.Null(new RpcException(RpcErrors.InternalError, "Internal error", new RpcErrorData("internal_error", false)).ToRejection());
        Assert.Null(new RpcException(RpcErrors.Conflict, "from somebody who sends no data").ToRejection());
    }
}
