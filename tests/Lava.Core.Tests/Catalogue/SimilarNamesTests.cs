using Lava.Core.Catalogue;

namespace Lava.Core.Tests.Catalogue;

public sealed class SimilarNamesTests
{
    private static readonly string[] Names =
        ["gpt-4o", "gpt-4o-mini", "gpt-6.1-sol", "gpt-6.1-terra", "claude-opus-5-5", "claude-opus-5", "gpt-6.1-sol", "gpt-4.1", "o3", "Llama-4"];

    [Theory]
    [InlineData("gpt-6.1", "gpt-6.1-sol, gpt-6.1-terra")]
    [InlineData("gpt-6.1-terr", "gpt-6.1-terra")]
    [InlineData("claude-opus-5.5", "claude-opus-5-5, claude-opus-5")]
    [InlineData("gtp-4o", "gpt-4o")]
    [InlineData("llama-4", "Llama-4")]
    [InlineData("gpt", "gpt-4o, gpt-4.1")]
    [InlineData("mistral", "")]
    [InlineData("o4", "")]
    [InlineData("", "")]
    public void Names_that_may_be_meant_are_found(string asked, string found) => string.Join(", ", SimilarNames.Find(Names, asked, 2)).ShouldBe(found);

    [Fact]
    public void A_very_long_name_is_like_none() => SimilarNames.Find([new string('a', 65)], new string('a', 65), 3).ShouldBeEmpty();
}
