using System.Text;
using System.Text.Json;

namespace EventRtc.Hosting.Configuration;

/// <summary>Settings in JSON, as <see cref="YamlSettings"/>; comments and a last comma are allowed.</summary>
internal static class JsonSettings
{
    private static readonly JsonReaderOptions Reading = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = SettingKeys.Deepest + 1 };

    /// <exception cref="SettingsException">It is not JSON of this kind; the message names file and line.</exception>
    public static IReadOnlyList<FileSetting> Read(string file, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes, Reading);
        var (found, path) = (new List<FileSetting>(), new List<string>());
        try
        {
            reader.Read();
            if (reader.TokenType is not JsonTokenType.StartObject)
                throw SettingsFile.Unreadable(file, LineOf(ref reader, bytes), "settings are keys with values");
            while (reader.Read())
                if (reader.TokenType is JsonTokenType.PropertyName)
                    Property(ref reader, bytes, file, path, found);
                else if (path.Count > 0)
                    path.RemoveAt(path.Count - 1); // the end of an object
            return found;
        }
        catch (JsonException fault)
        {
            throw SettingsFile.Unreadable(file, (fault.LineNumber ?? 0) + 1, "this is not JSON");
        }
        catch (InvalidOperationException)
        {
            throw SettingsFile.Unreadable(file, LineOf(ref reader, bytes), "this is not text"); // half a character, written as \ud800
        }
    }

    private static void Property(ref Utf8JsonReader reader, byte[] bytes, string file, List<string> path, List<FileSetting> found)
    {
        var line = LineOf(ref reader, bytes);
        path.Add(reader.GetString()!);
        reader.Read();
        if (reader.TokenType is JsonTokenType.StartObject)
            return;
        var value = reader.TokenType is JsonTokenType.StartArray ? ListOf(ref reader, bytes, file) : TextOf(ref reader, bytes, file);
        found.Add(new(SettingKeys.Variable(path), string.Join('.', path), value, file, line));
        path.RemoveAt(path.Count - 1);
    }

    private static string ListOf(ref Utf8JsonReader reader, byte[] bytes, string file)
    {
        var items = new List<string>();
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            var item = TextOf(ref reader, bytes, file) ?? "";
            if (item.Contains(',', StringComparison.Ordinal))
                throw SettingsFile.Unreadable(file, LineOf(ref reader, bytes), "an item of a list holds no comma");
            items.Add(item);
        }
        return string.Join(',', items);
    }

    private static string? TextOf(ref Utf8JsonReader reader, byte[] bytes, string file) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False => Encoding.UTF8.GetString(reader.ValueSpan),
        _ => throw SettingsFile.Unreadable(file, LineOf(ref reader, bytes), "here stands a text or a number"),
    };

    private static int LineOf(ref Utf8JsonReader reader, byte[] bytes) => bytes.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n') + 1;
}
