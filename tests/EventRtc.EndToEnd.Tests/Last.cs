using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(EventRtc.EndToEnd.Tests.Last))]

namespace EventRtc.EndToEnd.Tests;

/// <summary>Puts the tests of this collection behind all others: they look at what those have left.</summary>
public sealed class Last : ITestCollectionOrderer
{
    public const string Name = "What all others have left";

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections) where TTestCollection : ITestCollection =>
        [.. DefaultTestCollectionOrderer.Instance.OrderTestCollections(testCollections).OrderBy(collection => collection.TestCollectionDisplayName == Name)];
}
