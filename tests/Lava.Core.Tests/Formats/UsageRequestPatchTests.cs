using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Lava.Core.Catalogue;
using Lava.Core.Formats;

namespace Lava.Core.Tests.Formats;

public sealed class UsageRequestPatchTests
{
    [Theory]
    [InlineData("""{"model":"m","stream":true}""", """{"stream_options":{"include_usage":true},"model":"m","stream":true}""")]
    [InlineData(" {\n  \"stream\": true\n} \n", " {\"stream_options\":{\"include_usage\":true},\n  \"stream\": true\n} \n")]
    [InlineData("{}", """{"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"stream_options":null,"a":1}""", """{"stream_options":{"include_usage":true},"a":1}""")]
    [InlineData("""{"stream_options": {} }""", """{"stream_options": {"include_usage":true} }""")]
    [InlineData("""{"stream_options":{"include_obfuscation": false}}""", """{"stream_options":{"include_usage":true,"include_obfuscation": false}}""")]
    [InlineData("""{"stream_options":{"a":[1,{}],"include_usage": false }}""", """{"stream_options":{"a":[1,{}],"include_usage": true }}""")]
    [InlineData("""{"stream_options":{"include_usage":null}}""", """{"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"a":{"stream_options":1},"b":"é\u00e9"}""", """{"stream_options":{"include_usage":true},"a":{"stream_options":1},"b":"é\u00e9"}""")]
    public void The_flag_is_put_in_and_every_other_byte_stays(string body, string patched) => Apply(body).ShouldBe(patched);

    [Theory]
    [InlineData("""{"stream_options":{"include_usage":true}}""")]
    [InlineData("""{"stream_options":{ "include_usage" : true, "x": 1 }}""")]
    [InlineData("""{"stream_options":"none"}""")]
    [InlineData("""{"stream_options":[]}""")]
    public void What_has_the_flag_or_is_for_the_provider_to_refuse_stays(string body) => Apply(body).ShouldBe(body);

    [Fact]
    public void Any_request_parses_to_itself_with_the_flag() => Prop.ForAll(Requests(), request =>
    {
        var patched = JsonNode.Parse(Apply(request))!.AsObject();
        var expected = JsonNode.Parse(request)!.AsObject();
        if (expected["stream_options"] is not JsonObject options) expected["stream_options"] = options = [];
        options["include_usage"] = true;
        return JsonNode.DeepEquals(patched, expected)
            && RequestReader.Read(AnswerFixture.Bytes(Apply(request)), null, AnswerFixture.Endpoint(WireFormat.OpenAiChat, EndpointKind.Chat))!.AsksForUsage;
    }).QuickCheckThrowOnFailure();

    private static string Apply(string body) => Encoding.UTF8.GetString(UsageRequestPatch.Apply(AnswerFixture.Bytes(body)).Span);

    private static Arbitrary<string> Requests()
    {
        var blank = Gen.Elements("", " ", "\n", "\r\n\t");
        var options = Gen.Elements("null", "{}", "{ }", """{"include_usage":false}""", """{"x":{"include_usage":true}}""", """{"include_usage" :true,"x":[]}""", """{ "x":"}", "include_usage":null }""");
        var value = Gen.Elements("1", "-2.5e3", "true", "null", "\"\\\"}{\"", "\"stream_options\"", "[]", "[{\"stream_options\":{}}]", "{\"include_usage\":false}", "\"\\u007d é\"");
        var member = from name in Gen.Elements("a", "messages", "stream", "streamoptions", "é")
                     from before in blank
                     from content in value
                     from after in blank
                     select (name, text: $"{before}\"{name}\"{after}:{before}{content}{after}");
        var request = from members in member.ListOf()
                      from has in Gen.Elements(true, false)
                      from content in options
                      from at in Gen.Choose(0, 20)
                      from space in blank
                      select Build(members.DistinctBy(m => m.name).Select(m => m.text).ToList(), has, content, at, space);
        return Arb.From(request);
    }

    private static string Build(List<string> members, bool hasOptions, string options, int at, string space)
    {
        if (hasOptions) members.Insert(Math.Min(at, members.Count), $"{space}\"stream_options\":{space}{options}");
        return $"{space}{{{string.Join(',', members)}{space}}}{space}";
    }
}
