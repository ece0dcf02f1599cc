namespace EventRtc.Hls;

public static class Routes
{
    /// <summary>Everybody may listen: tokens are given to whoever asks and only keep a key from whoever never did. Media is worth nothing without the key.</summary>
    public static void MapHls(this WebApplication app)
    {
        app.MapPost("/api/token", IssueToken.Handle);
        app.MapGet("/hls/rooms/{id}/enc.key", GetKey.Handle);
        app.MapGet("/hls/rooms/{id}/{file}", GetMedia.Handle);
    }
}
