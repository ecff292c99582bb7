using System.Text;
using Lava.Core.Formats;

namespace Lava.Core.Tests.Formats;

public sealed class GeminiModelPatchTests
{
    [Theory]
    [InlineData("""{"model":"models/a/b", "content":{"model":"x"}}""", """{"model":"models/m", "content":{"model":"x"}}""")]
    [InlineData(
        """{"requests":[{"content":{"parts":[{"model":"x"}]},"model":"a"},{"model":null},7]}""",
        """{"requests":[{"content":{"parts":[{"model":"x"}]},"model":"models/m"},{"model":"models/m"},7]}""")]
    [InlineData("""{"generateContentRequest":{"model":"models/a","contents":[]}}""", """{"generateContentRequest":{"model":"models/m","contents":[]}}""")]
    [InlineData("""{"contents":[{"requests":[{"model":"x"}]}]}""", """{"contents":[{"requests":[{"model":"x"}]}]}""")]
    [InlineData("""{"model":"models/m"}""", """{"model":"models/m"}""")]
    [InlineData("{}", "{}")]
    public void Only_what_names_the_model_is_replaced(string before, string after) =>
        Encoding.UTF8.GetString(GeminiModelPatch.Apply(Encoding.UTF8.GetBytes(before), "m").Span).ShouldBe(after);
}
