namespace EventRtc.Gateway.Limits;

/// <summary>Counts who is there, by key, up to a limit for each.</summary>
public sealed class Crowd(int most)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);

    public bool TryEnter(string key)
    {
        lock (gate)
        {
            var count = counts.GetValueOrDefault(key);
            if (count >= most)
                return false;
            counts[key] = count + 1;
            return true;
        }
    }

    public void Leave(string key)
    {
        lock (gate)
        {
            if (counts[key] == 1)
                counts.Remove(key);
            else
                counts[key]--;
        }
    }
}
