using System.ComponentModel.DataAnnotations;
using Npgsql;

namespace EventRtc.EventStore;

/// <summary>Reads what operators put into POSTGRES_DSN: Npgsql's own form or the URI that every other PostgreSQL tool takes.</summary>
internal static class PostgresDsn
{
    public static string ServerOf(string dsn)
    {
        var settings = Parse(dsn);
        return $"{settings.Host}:{settings.Port}";
    }

    /// <exception cref="ArgumentException">Neither form, or an unknown keyword.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string dsn)
    {
        if (!dsn.StartsWith("postgres://", StringComparison.Ordinal) && !dsn.StartsWith("postgresql://", StringComparison.Ordinal))
            return new NpgsqlConnectionStringBuilder(dsn);
        if (!Uri.TryCreate(dsn, UriKind.Absolute, out var uri))
            throw new ArgumentException("The PostgreSQL URI cannot be read.", nameof(dsn));

        var settings = new NpgsqlConnectionStringBuilder { Host = uri.Host, Port = uri.Port > 0 ? uri.Port : NpgsqlConnection.DefaultPort };
        if (uri.UserInfo.Split(':', 2) is [{ Length: > 0 } user, .. var password])
        {
            settings.Username = Uri.UnescapeDataString(user);
            settings.Password = password is [var secret] ? Uri.UnescapeDataString(secret) : null;
        }
        if (uri.AbsolutePath.Trim('/') is { Length: > 0 } database)
            settings.Database = Uri.UnescapeDataString(database);
        foreach (var pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
            if (pair.Split('=', 2) is [var name, var value])
                settings[name.ToLowerInvariant() is "sslmode" ? "SSL Mode" : name.Replace('_', ' ')] = Uri.UnescapeDataString(value);
        return settings;
    }
}

/// <summary>Refuses a connection string that cannot be read before anything connects. The message does not repeat it: it may hold a password.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PostgresDsnAttribute() : ValidationAttribute("{0} is neither a URI postgres://user:password@host:5432/database nor Host=...;Username=...;Database=...")
{
    public override bool IsValid(object? value)
    {
        try
        {
            return value is not string dsn || PostgresDsn.Parse(dsn).Host is { Length: > 0 };
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
