namespace EventRtc.Local;

/// <summary>Where things lie in this checkout, found from where this program was built.</summary>
public static class Checkout
{
    /// <summary>The folder that holds EventRtc.sln.</summary>
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>Debug or Release: services are started as they were built together with this program.</summary>
    private static string Configuration { get; } = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";

    /// <summary>The web app as built, see <c>ops/up</c>.</summary>
    public static string Web => Path.Combine(Root, "web", "dist");

    /// <summary>A folder laid out as this one whose assemblies are started in the place of ours, as far as it has them; null for none.</summary>
    public static string? BuiltElsewhere { get; set; }

    /// <summary>The assembly of a project, such as <c>services/Rooms/EventRtc.Rooms</c>.</summary>
    public static string Assembly(string project) => BuiltElsewhere is { } other && File.Exists(AssemblyIn(other, project)) ? AssemblyIn(other, project) : AssemblyIn(Root, project);

    private static string AssemblyIn(string root, string project) => Path.Combine(root, project, "bin", Configuration, "net10.0", $"{Path.GetFileName(project)}.dll");

    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "EventRtc.sln")) ? folder
        : Directory.GetParent(folder) is { } parent ? FindRoot(parent.FullName)
        : throw new DirectoryNotFoundException("EventRtc.sln is in none of the folders above this program; it runs from a checkout only");
}
