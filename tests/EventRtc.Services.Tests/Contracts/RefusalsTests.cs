using EventRtc.Contracts;
using EventRtc.Contracts.Tokens;
using EventRtc.Domain;
using EventRtc.JsonRpc;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace EventRtc.Services.Tests.Contracts;

public sealed class RefusalsTests
{
    [Theory]
    [InlineData(RejectionKind.Invalid, 400, -32602)]
    [InlineData(RejectionKind.Unauthorized, 401, -32001)]
    [InlineData(RejectionKind.Forbidden, 403, -32001)]
    [InlineData(RejectionKind.NotFound, 404, -32004)]
    [InlineData(RejectionKind.Conflict, 409, -32009)]
    [InlineData(RejectionKind.Unavailable, 503, -32050)]
    public void Each_kind_has_one_status_and_one_code(RejectionKind kind, int http, int rpc)
    {
        var why = new Rejection(kind, "some_code", "Some words.");

        Assert.Equal(http, Assert.IsAssignableFrom<IStatusCodeHttpResult>(Refusals.ToHttp(why)).StatusCode);
        Assert.Equal((rpc, "some_code", "Some words."), (Refusals.ToRpc(why).Code, Refusals.ToRpc(why).Reason, Refusals.ToRpc(why).Message));
    }

    [Fact]
    public void A_refusal_survives_the_way_over_JSON_RPC() => Assert.All(
        (Rejection[])[RoomRejections.NotFound, RoomRejections.Full, RoomRejections.NoCapacity, TokenRejections.WrongRoom], why => Assert.Equal(why, Refusals.Of(Refusals.ToRpc(why))));

    [Fact]
    public void A_fault_is_no_refusal()
    {
        Assert.Null(Refusals.Of(new RpcException(RpcErrors.InternalError, "Internal error", new RpcErrorData("internal_error", false))));
        Assert.Null(Refusals.Of(new RpcException(RpcErrors.Conflict, "from somebody who sends no data")));
    }
}
