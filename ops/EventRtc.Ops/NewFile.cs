namespace EventRtc.Ops;

/// <summary>A file that appears under its name only when it is whole and on the disk; until then it lies beside it, and a failure removes it.</summary>
internal static class NewFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static async Task<T> Write<T>(string file, Func<Stream, Task<T>> write)
    {
        var partial = $"{file}.{Guid.NewGuid():N}.partial";
        try
        {
            T result;
            await using (var output = new FileStream(partial, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Options = FileOptions.Asynchronous,
                UnixCreateMode = OwnerOnly, // it may hold secrets
            }))
            {
                result = await write(output);
                output.Flush(flushToDisk: true);
            }
            File.Move(partial, file, overwrite: true);
            return result;
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }
}
