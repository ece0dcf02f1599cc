namespace EventRtc.Streams;

/// <summary>What a command or a script answered: null, one value, or an array of results.</summary>
public readonly struct RedisResult
{
    private readonly RedisValue value;
    private readonly object? other;   // RedisResult[] or RedisServerException

    internal RedisResult(RedisValue value) => this.value = value;
    internal RedisResult(RedisResult[] items) => other = items;
    internal RedisResult(RedisServerException error) => other = error;

    public bool IsNull => other is null && value.IsNull;

    /// <summary>The answer is an error as a whole; a script may also return errors among its results.</summary>
    internal RedisServerException? Error => other as RedisServerException;

    /// <summary>Length of an array; 0 for null and for a single value.</summary>
    public int Length => other is RedisResult[] items ? items.Length : 0;

    /// <exception cref="InvalidCastException">The result is not an array.</exception>
    public RedisResult this[int index] => Items[index];

    /// <summary>The array's results; none for null.</summary>
    /// <exception cref="InvalidCastException">The result is a single value.</exception>
    public ReadOnlySpan<RedisResult> Items => IsNull ? [] : other switch
    {
        RedisResult[] items => items,
        RedisServerException error => throw error,
        _ => throw new InvalidCastException("Redis answered one value where an array was expected"),
    };

    /// <exception cref="InvalidCastException">The result is an array.</exception>
    public static explicit operator RedisValue(RedisResult result) => result.other switch
    {
        null => result.value,
        RedisServerException error => throw error,
        _ => throw new InvalidCastException("Redis answered an array where one value was expected"),
    };

    public static explicit operator string?(RedisResult result) => (RedisValue)result;
    public static explicit operator long(RedisResult result) => (long)(RedisValue)result;
    public static explicit operator int(RedisResult result) => (int)(RedisValue)result;
    public static explicit operator bool(RedisResult result) => (long)(RedisValue)result != 0;
}
