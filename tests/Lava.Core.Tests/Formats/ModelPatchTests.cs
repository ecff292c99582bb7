using System.Text;
using Lava.Core.Formats;

namespace Lava.Core.Tests.Formats;

public sealed class ModelPatchTests
{
    [Theory]
    [InlineData("""{"model":"old","n":1}""", """{"model":"new/\u0022é","n":1}""")]
    [InlineData("""{ "n" : {"model":"inner"}, "model" : "old" }""", """{ "n" : {"model":"inner"}, "model" : "new/\u0022é" }""")]
    [InlineData("""{"messages":[]}""", """{"model":"new/\u0022é","messages":[]}""")]
    [InlineData("""{}""", """{"model":"new/\u0022é"}""")]
    public void The_model_is_replaced_and_every_other_byte_stays(string body, string expected)
    {
        var patched = ModelPatch.Apply(Encoding.UTF8.GetBytes(body), "new/\"é");
        System.Text.Json.JsonElement.Parse(patched.Span).GetProperty("model").GetString().ShouldBe("new/\"é");
        Encoding.UTF8.GetString(patched.Span).Replace("\\u00E9", "é", StringComparison.Ordinal).ShouldBe(expected);
    }

    [Fact]
    public void A_body_that_names_it_already_is_not_copied()
    {
        ReadOnlyMemory<byte> body = """{"model":"same"}"""u8.ToArray();
        ModelPatch.Apply(body, "same").ShouldBe(body);
    }
}
