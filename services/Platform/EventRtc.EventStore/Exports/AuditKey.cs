using System.Security.Cryptography;

namespace EventRtc.EventStore;

/// <summary>Signs what leaves the log, so that it can be shown later that it was not changed: ECDSA over P-256 with SHA-256.</summary>
public sealed class AuditKey : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly ECDsa pair;

    private AuditKey(ECDsa pair) => this.pair = pair;

    /// <summary>The public half, SubjectPublicKeyInfo in base64: enough to check signatures.</summary>
    public string PublicKey => Convert.ToBase64String(pair.ExportSubjectPublicKeyInfo());

    /// <param name="file">PEM: PKCS#8.</param>
    /// <exception cref="AuditKeyException">The file is not there or holds no such key; the message is for the person who gave it.</exception>
    public static AuditKey Load(string file)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(file));
            if (key.KeySize == 256 && key.ExportPkcs8PrivateKey().Length > 0)
                return new AuditKey(key);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new AuditKeyException(fault is FileNotFoundException or DirectoryNotFoundException
                ? $"The audit key {file} does not exist; 'eventrtc key --out {file}' makes one."
                : $"The audit key {file} cannot be used: it must be a readable PEM file with a private key on P-256, as 'eventrtc key' makes it.");
        }
        key.Dispose();
        throw new AuditKeyException($"The audit key {file} is not on the curve P-256; 'eventrtc key' makes one that is.");
    }

    /// <summary>Makes a key in a new file that only its owner can read.</summary>
    /// <param name="publicFile">Where the public half goes as well, for those who check.</param>
    /// <exception cref="IOException">A file is there already, or cannot be written.</exception>
    public static AuditKey Create(string file, string? publicFile = null)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Write(file, key.ExportPkcs8PrivateKeyPem(), OwnerOnly);
        if (publicFile is not null)
            Write(publicFile, key.ExportSubjectPublicKeyInfoPem(), OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        return new AuditKey(key);
    }

    /// <summary>The public half out of a PEM file that holds it, or the whole key.</summary>
    /// <exception cref="AuditKeyException">It holds neither.</exception>
    public static string ReadPublic(string file)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(File.ReadAllText(file));
            return Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            throw new AuditKeyException($"The key {file} cannot be read: it must be a PEM file with a public key.");
        }
    }

    /// <summary>Short enough to compare by eye: SHA-256 of the public key, 64 hexadecimal digits.</summary>
    /// <exception cref="FormatException">Not base64.</exception>
    public static string FingerprintOf(string publicKey) => Convert.ToHexStringLower(SHA256.HashData(Convert.FromBase64String(publicKey)));

    /// <summary>In base64, DER.</summary>
    public string Sign(ReadOnlySpan<byte> content) => Convert.ToBase64String(pair.SignData(content, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));

    /// <summary>False also when key or signature are no such thing at all.</summary>
    public static bool IsSigned(ReadOnlySpan<byte> content, string publicKey, string signature)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(publicKey), out _);
            return key.VerifyData(content, Convert.FromBase64String(signature), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (Exception fault) when (fault is FormatException or CryptographicException)
        {
            return false;
        }
    }

    public void Dispose() => pair.Dispose();

    private static void Write(string file, string pem, UnixFileMode mode)
    {
        using var stream = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode });
        using var writer = new StreamWriter(stream);
        writer.WriteLine(pem);
    }
}

/// <summary>There is no key to sign or to check with; the message is for the person who asked.</summary>
public sealed class AuditKeyException(string message) : Exception(message);
