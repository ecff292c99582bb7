using System.Text.Json;
using Lava.Service.Sandbox;

namespace Lava.Service.Tests.Sandbox;

public sealed class SchemaTests
{
    [Theory]
    [InlineData("""{}""", """{}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}},"required":["b"]}""", """{"b":"sandbox"}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":["null","integer"],"minimum":4,"multipleOf":3}},"required":["a"]}""", """{"a":6}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"number","maximum":-2.5}},"required":["a"]}""", """{"a":-2.5}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array","minItems":2,"items":{"enum":["x","y"]}}},"required":["a"]}""", """{"a":["x","x"]}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array","items":{"type":"string"}}},"required":["a"]}""", """{"a":[]}""")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/$defs/p"}},"required":["a"],"$defs":{"p":{"type":"object","properties":{"x":{"const":7}},"required":["x"]}}}""", """{"a":{"x":7}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"anyOf":[{"type":"boolean"},{"type":"null"}]}},"required":["a"]}""", """{"a":true}""")]
    [InlineData("""{"allOf":[{"properties":{"a":{"type":"string","maxLength":3}},"required":["a"]},{"properties":{"b":{"type":"string","minLength":9}},"required":["b"]}]}""", """{"a":"san","b":"sandboxxx"}""")]
    [InlineData("""{"type":"object","properties":{"d":{"type":"string","format":"date"}},"required":["d","e"]}""", """{"d":"2026-01-01","e":"sandbox"}""")]
    public void The_smallest_value_that_the_schema_allows_is_made(string schema, string expected) =>
        SandboxJson.Text(SchemaSample.Object(JsonElement.Parse(schema))).ShouldBe(expected);

    [Theory]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#/properties/a"}},"required":["a"]}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"array","minItems":999999999,"items":{"type":"array","minItems":999999999,"items":{"type":"array","minItems":99999,"items":{}}}}},"required":["a"]}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string","minLength":-5,"maxLength":-1}},"required":["a","a"]}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"number","multipleOf":1e-28,"minimum":1e30}},"required":["a"]}""")]
    [InlineData("""{"anyOf":[{"const":{"a":1,"b":2}}],"properties":{"a":{"type":"string"}},"required":["a",5,null]}""")]
    public void A_hostile_schema_is_answered_in_bounds(string schema) =>
        SandboxJson.Bytes(SchemaSample.Object(JsonElement.Parse(schema))).Length.ShouldBeLessThan(10_000);
}
