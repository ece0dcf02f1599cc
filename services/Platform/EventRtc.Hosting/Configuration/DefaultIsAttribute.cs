namespace EventRtc.Hosting;

/// <summary>For a default that differs between machines or services: the words that stand for it in comments and on the page.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DefaultIsAttribute(string words) : Attribute
{
    public string Words => words;
}
