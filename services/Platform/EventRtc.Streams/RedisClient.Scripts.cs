namespace EventRtc.Streams;

public sealed partial class RedisClient
{
    /// <summary>Runs the script; when the server does not know it (any more), sends the text along.</summary>
    public async Task<RedisResult> ScriptEvaluateAsync(LuaScript script, IReadOnlyList<string> keys, IReadOnlyList<RedisValue> args, CancellationToken ct = default)
    {
        RedisValue[] command = ["EVALSHA", script.Hash, keys.Count, .. keys.Select(key => (RedisValue)key), .. args];
        try
        {
            return await ExecuteAsync(command, ct);
        }
        catch (RedisServerException e) when (e.Code == "NOSCRIPT")
        {
            // EVAL loads and runs in one step, so that no flush can come between.
            return await ExecuteAsync(["EVAL", script.Text, .. command[2..]], ct);
        }
    }
}
