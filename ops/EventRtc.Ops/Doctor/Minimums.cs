namespace EventRtc.Ops.Doctor;

/// <summary>The oldest servers that EventRtc is built and tested for, decision 0027. What is older may work, and nobody knows.</summary>
internal static class Minimums
{
    public static readonly Version Postgres = new(15, 0);
    public static readonly Version Redis = new(7, 0);
    public static readonly Version Etcd = new(3, 4);
    public static readonly Version Janus = new(1, 1);

    /// <summary>Whether a version as servers write it, such as <c>3.4.23</c> or <c>1.1.2-rc1</c>, is new enough; a text that is no version is not.</summary>
    public static bool Reaches(string text, Version least) => Version.TryParse(text.Split('-', '+', ' ')[0], out var version) && version >= least;
}
