using System.Text.RegularExpressions;

namespace EventRtc.Hosting.Configuration;

/// <summary>Variables that look like settings of ours and are set by others: orchestrators for every service beside ours, and the images of the servers that we use.</summary>
internal static partial class OthersVariables
{
    public static bool Has(string variable, string value) =>
        ServiceLink().IsMatch(variable) || (variable.EndsWith("_PORT", StringComparison.Ordinal) && LinkedAddress().IsMatch(value)) || OfServers().IsMatch(variable);

    /// <summary>What Kubernetes and Docker set for a service that is called redis: REDIS_SERVICE_HOST, REDIS_PORT_6379_TCP_ADDR.</summary>
    [GeneratedRegex("_SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)$|_PORT_[0-9]+_(TCP|UDP|SCTP)(_(ADDR|PORT|PROTO))?$")]
    private static partial Regex ServiceLink();

    /// <summary>And REDIS_PORT=tcp://10.0.0.7:6379.</summary>
    [GeneratedRegex("^(tcp|udp|sctp)://")]
    private static partial Regex LinkedAddress();

    /// <summary>What PostgreSQL's and Redis's images take, and etcd itself, which has a variable for each of its flags.</summary>
    [GeneratedRegex("""
        ^POSTGRES_(USER|PASSWORD|DB|INITDB_ARGS|INITDB_WALDIR|HOST_AUTH_METHOD)(_FILE)?$
        |^REDIS_(ARGS|VERSION|DOWNLOAD_URL|DOWNLOAD_SHA)$
        |^ETCD_(NAME|(DATA|WAL)_DIR|SNAPSHOT_COUNT|HEARTBEAT_INTERVAL|ELECTION_TIMEOUT|CORS|DISCOVERY|DEBUG|METRICS|LOGGER|LOG_.*|PRE_VOTE|AUTH_TOKEN|BCRYPT_COST|CIPHER_SUITES|HOST_WHITELIST)$
        |^ETCD_(CERT|KEY|TRUSTED_CA)_FILE$
        |^ETCD_(INITIAL|LISTEN|ADVERTISE|MAX|QUOTA|BACKEND|DISCOVERY|STRICT|AUTO|ENABLE|PROXY|CLIENT|PEER|SELF|GRPC|EXPERIMENTAL|FORCE|SOCKET|UNSAFE|UNSUPPORTED)_.*$
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex OfServers();
}
