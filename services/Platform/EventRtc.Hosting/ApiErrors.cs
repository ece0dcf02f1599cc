using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EventRtc.Hosting;

/// <summary>The body of every refused HTTP call. It never carries an exception's text.</summary>
/// <param name="Error">What is wrong, for a person.</param>
/// <param name="Code">What is wrong, for a program: stable, snake_case.</param>
/// <param name="Retryable">Whether the same call may succeed later.</param>
/// <param name="Details">Each fault of a refused input.</param>
/// <param name="TraceId">Finds the call in the logs.</param>
public sealed record ApiError(string Error, string Code, bool Retryable = false, IReadOnlyList<string>? Details = null, string? TraceId = null)
{
    public bool Success { get; }
}

/// <summary>A failure that passes: it is answered 503 and may be retried. Drivers' exceptions are registered by their type.</summary>
public sealed record TransientFailure(Type Exception);

/// <summary>Turns failures and bare status codes into <see cref="ApiError"/>.</summary>
public static class ApiErrors
{
    public static void TreatAsTransient<TException>(this IServiceCollection services) where TException : Exception =>
        services.AddSingleton(new TransientFailure(typeof(TException)));

    /// <summary>Tells the failures that <see cref="TreatAsTransient"/> named.</summary>
    internal static Func<Exception, bool> Transient(IServiceProvider services)
    {
        var types = services.GetServices<TransientFailure>().Select(failure => failure.Exception).ToArray();
        return failure => Array.Exists(types, type => type.IsInstanceOfType(failure));
    }

    /// <summary>An error answer with the trace id of the call.</summary>
    public static IResult Answer(int status, ApiError error) =>
        Results.Json(error with { TraceId = error.TraceId ?? NewTraceId() }, statusCode: status);

    /// <summary>400 with every fault listed.</summary>
    public static IResult Invalid(IReadOnlyList<string> faults) =>
        Answer(StatusCodes.Status400BadRequest, new ApiError("The request has faults.", "validation_failed", Details: faults));

    internal static void UseApiErrors(this WebApplication app)
    {
        var passes = Transient(app.Services);
        app.Use(async (context, next) =>
        {
            try
            {
                RefuseLargeBody(context);
                await next(context);
                if (!context.Response.HasStarted && context.Response.StatusCode >= 400 && context.Response.ContentLength is null && context.Response.ContentType is null)
                    await Write(context, ErrorOf(context.Response.StatusCode), context.Response.StatusCode);
            }
            catch (BadHttpRequestException bad)
            {
                await Write(context, ErrorOf(bad.StatusCode), bad.StatusCode);
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            }
            catch (Exception failure) when (failure is TimeoutException || passes(failure))
            {
                var trace = NewTraceId();
                app.Logger.LogWarning("{Method} {Path} could not be served now: {Reason} (trace {TraceId})", context.Request.Method, context.Request.Path, failure.Message, trace);
                await Write(context, new ApiError("A part of the system is away; try again.", "unavailable", Retryable: true, TraceId: trace), StatusCodes.Status503ServiceUnavailable);
            }
            catch (Exception failure)
            {
                var trace = NewTraceId();
                app.Logger.LogError(failure, "{Method} {Path} failed (trace {TraceId})", context.Request.Method, context.Request.Path, trace);
                await Write(context, new ApiError("Something went wrong on our side.", "internal_error", TraceId: trace), StatusCodes.Status500InternalServerError);
            }
        });
    }

    /// <summary>Also where nobody reads the body.</summary>
    private static void RefuseLargeBody(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is not { MaxRequestBodySize: { } limit } body || !(context.Request.ContentLength > limit))
            return;
        // Lifted for this one call: Kestrel then reads the rest away for up to 5 s. Closing at once would reset the connection, and the caller would not see the answer.
        body.MaxRequestBodySize = null;
        throw new BadHttpRequestException("The body is too large.", StatusCodes.Status413PayloadTooLarge);
    }

    private static string NewTraceId() => Activity.Current?.TraceId.ToString() ?? Guid.NewGuid().ToString("N");

    private static Task Write(HttpContext context, ApiError error, int status) =>
        context.Response.HasStarted ? Task.CompletedTask : Answer(status, error).ExecuteAsync(context);

    private static ApiError ErrorOf(int status) => status switch
    {
        StatusCodes.Status400BadRequest => new("The request cannot be read.", "validation_failed", Details: ["body: not valid JSON of the expected shape"]),
        StatusCodes.Status401Unauthorized => new("A valid token is needed.", "unauthorized"),
        StatusCodes.Status403Forbidden => new("This token does not allow that.", "forbidden"),
        StatusCodes.Status404NotFound => new("There is nothing at this address.", "not_found"),
        StatusCodes.Status405MethodNotAllowed => new("This address does not take that method.", "method_not_allowed"),
        StatusCodes.Status413PayloadTooLarge => new("The body is over 64 KiB.", "payload_too_large"),
        StatusCodes.Status415UnsupportedMediaType => new("The body must be application/json.", "unsupported_media_type"),
        _ => new("The request was refused.", "refused"),
    };
}
