using System.Text.Json;
using System.Text.Json.Serialization;

namespace EventRtc.Domain;

/// <summary>What a user may do in a room; lower case in JSON.</summary>
[JsonConverter(typeof(RoleJsonConverter))]
public enum Role
{
    /// <summary>Speaks, may stop the room and invite; takes a place.</summary>
    Host,

    /// <summary>Speaks and hears; takes a place.</summary>
    Anchor,

    /// <summary>Hears; takes no place.</summary>
    Guest,
}

/// <summary>Numbers are refused: the order of the names must never matter to what is stored.</summary>
public sealed class RoleJsonConverter() : JsonStringEnumConverter<Role>(JsonNamingPolicy.CamelCase, allowIntegerValues: false);
