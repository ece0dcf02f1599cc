using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace EventRtc.Domain.Tests;

/// <summary>Who may import whom, read from the project files: a wrong dependency fails here before anybody builds on it.</summary>
public sealed partial class ArchitectureTests
{
    private const string Tests = "tests";
    private const string Domain = "domain";
    private const string Projections = "projections";
    private const string Projector = "projector";
    private const string EventStore = "event store";
    private const string Streams = "streams";
    private const string JsonRpc = "json rpc";
    private const string Platform = "platform";
    private const string Contracts = "contracts";
    private const string Rooms = "rooms service";
    private const string Service = "service";
    private const string Ops = "ops";

    private static readonly string[] Drivers = [Streams, JsonRpc, Platform];

    private static readonly Dictionary<string, string[]> MayImport = new()
    {
        [Domain] = [],
        [Projections] = [Domain],
        [Projector] = [Domain, Projections, Contracts, EventStore, .. Drivers],
        [EventStore] = [Domain],
        [Streams] = [],
        [JsonRpc] = [Streams],
        [Platform] = [],
        [Contracts] = [Domain, Projections, .. Drivers],
        [Rooms] = [Domain, Projections, Contracts, EventStore, .. Drivers],
        [Service] = [Domain, Projections, Contracts, .. Drivers],
        [Ops] = [Domain, Projections, Projector, Contracts, EventStore, .. Drivers],
    };

    private static readonly Dictionary<string, string> OnlyImporter = new()
    {
        ["Npgsql"] = "EventRtc.EventStore",
        ["Google.Protobuf"] = "EventRtc.Etcd",
        ["YamlDotNet"] = "EventRtc.Hosting",
    };

    private static readonly string[] Subjects =
        [nameof(RoomId), nameof(RoomEvent), nameof(RoomCommand), nameof(RoomState), nameof(RoomDecider), nameof(RoomRejections), nameof(ModuleEvent), nameof(ModuleCommand), nameof(ModuleState), nameof(AuditEvent), nameof(UserId), nameof(ModuleId)];

    private static readonly string Root = FindRoot(AppContext.BaseDirectory);

    private static readonly Project[] Projects = [.. ReadSolution()];

    [Fact]
    public void The_solution_holds_every_project_file() =>
        Assert.Equal(
            Directory.EnumerateFiles(Root, "*.csproj", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
                .Where(path => !path.StartsWith('.') && !path.StartsWith("artifacts/", StringComparison.Ordinal) && !path.Contains("/node_modules/", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
            Projects.Select(project => project.Path).Order(StringComparer.Ordinal));

    [Fact]
    public void Nobody_imports_what_the_architecture_does_not_allow() =>
        AssertNone(
            from project in Projects
            where project.Part is not Tests
            from imported in project.Imports
            where !MayImport[project.Part].Contains(imported.Part)
            select $"{project.Path} ({project.Part}) imports {imported.Path} ({imported.Part})");

    [Fact]
    public void The_event_store_reaches_nobody_else_by_a_detour() =>
        AssertNone(
            from project in Projects
            where project.Part is not (Tests or Rooms or Projector or Ops or EventStore)
            where project.Reach().Any(reached => reached.Part is EventStore)
            select $"{project.Path} reaches the event store");

    [Fact]
    public void Domain_and_projections_need_nothing_but_the_base_class_library() =>
        AssertNone(
            from project in Projects
            where project.Part is Domain or Projections
            from package in project.Packages
            select $"{project.Path} uses {package}");

    [Fact]
    public void Each_driver_is_known_to_one_project() =>
        AssertNone(
            from project in Projects
            where project.Part is not (Tests or Ops)
            from package in project.Packages
            where OnlyImporter.TryGetValue(package, out var owner) && Path.GetFileNameWithoutExtension(project.Path) != owner
            select $"{project.Path} uses {package}");

    [Fact]
    public void No_platform_project_names_what_the_domain_is_about() =>
        AssertNone(
            from project in Projects
            where project.Part is EventStore or Streams or JsonRpc or Platform
            let folder = Path.Combine(Root, Path.GetDirectoryName(project.Path)!)
            from file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            where !Path.GetRelativePath(folder, file).StartsWith("obj", StringComparison.Ordinal)
            from name in Subjects
            where Regex.IsMatch(File.ReadAllText(file), $@"\b{name}\b")
            select $"{Path.GetRelativePath(Root, file)} names {name}");

    // Assert.Empty would cut the names short, which are all that matters here.
    private static void AssertNone(IEnumerable<string> faults) => Assert.True(!faults.Any(), string.Join('\n', faults));

    private static string PartOf(string path) => path.Split('/') switch
    {
        ["tests", ..] => Tests,
        ["domain", "EventRtc.Domain", _] => Domain,
        ["projections", "EventRtc.Projections", _] => Projections,
        ["projections", "EventRtc.Projector", _] => Projector,
        ["services", "Platform", "EventRtc.EventStore", _] => EventStore,
        ["services", "Platform", "EventRtc.Streams", _] => Streams,
        ["services", "Platform", "EventRtc.JsonRpc", _] => JsonRpc,
        ["services", "Platform", _, _] => Platform,
        ["services", "Contracts", "EventRtc.Contracts", _] => Contracts,
        ["services", "Rooms", "EventRtc.Rooms", _] => Rooms,
        ["services", _, _, _] => Service,
        ["ops", ..] => Ops,
        _ => throw new InvalidOperationException($"{path} has no place in the architecture."),
    };

    private static List<Project> ReadSolution()
    {
        var paths = ProjectPath().Matches(File.ReadAllText(Path.Combine(Root, "EventRtc.sln"))).Select(match => match.Value.Replace('\\', '/'));
        var projects = new Dictionary<string, Project>();
        return [.. paths.Select(path => Read(path, projects))];
    }

    private static Project Read(string path, Dictionary<string, Project> known)
    {
        if (known.TryGetValue(path, out var project))
            return project;

        var file = XDocument.Load(Path.Combine(Root, path));
        var folder = Path.GetDirectoryName(path)!;
        var imports = Included(file, "ProjectReference").Select(reference => Read(Normal(Path.Combine(folder, reference)), known)).ToArray();
        string[] packages = [.. Included(file, "PackageReference"), .. Included(file, "FrameworkReference")];
        return known[path] = new Project(path, PartOf(path), imports, packages);
    }

    private static IEnumerable<string> Included(XDocument file, string item) =>
        file.Descendants(item).Select(element => element.Attribute("Include")!.Value.Replace('\\', '/'));

    private static string Normal(string path) => Path.GetRelativePath(Root, Path.GetFullPath(path, Root)).Replace('\\', '/');

    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "EventRtc.sln"))
            ? folder
            : FindRoot(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside the repository."));

    [GeneratedRegex("""(?<=")[^"]+\.csproj(?=")""")]
    private static partial Regex ProjectPath();

    private sealed record Project(string Path, string Part, Project[] Imports, string[] Packages)
    {
        public IEnumerable<Project> Reach() => Imports.SelectMany(imported => imported.Reach().Prepend(imported));
    }
}
