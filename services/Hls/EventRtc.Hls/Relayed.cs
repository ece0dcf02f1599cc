namespace EventRtc.Hls;

/// <summary>Hands a mixer's answer on to the listener as it comes.</summary>
internal sealed class Relayed(HttpResponseMessage answer) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using (answer)
        {
            httpContext.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            httpContext.Response.ContentLength = answer.Content.Headers.ContentLength;
            httpContext.Response.Headers.CacheControl = answer.Headers.CacheControl?.ToString();
            await answer.Content.CopyToAsync(httpContext.Response.Body, httpContext.RequestAborted);
        }
    }
}
