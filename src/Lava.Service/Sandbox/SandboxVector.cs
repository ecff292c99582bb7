using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace Lava.Service.Sandbox;

/// <summary>A vector of length one that depends on the model and the text alone.</summary>
internal sealed class SandboxVector
{
    private const int DefaultDimensions = 16;
    private const int MostDimensions = 4_096;

    private readonly float[] _values;

    private SandboxVector(float[] values) => _values = values;

    /// <summary>The vector of a text.</summary>
    /// <param name="model">The model.</param>
    /// <param name="text">The text.</param>
    /// <param name="dimensions">How many numbers; 16 where null, 4,096 at the most.</param>
    public static SandboxVector Of(string model, string text, long? dimensions)
    {
        var values = new float[Math.Clamp(dimensions ?? DefaultDimensions, 1, MostDimensions)];
        var state = new SandboxText(model, text).Seed;
        var sum = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            state = (state * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407;
            values[i] = ((state >> 33) / (float)(1U << 31)) - 0.5f;
            sum += (double)values[i] * values[i];
        }

        var length = Math.Sqrt(sum);
        for (var i = 0; i < values.Length; i++) values[i] = length == 0 ? (i == 0 ? 1 : 0) : (float)(values[i] / length);
        return new SandboxVector(values);
    }

    public JsonArray AsArray()
    {
        var array = new JsonArray();
        foreach (var value in _values) array.Add((JsonNode)value);
        return array;
    }

    /// <summary>Little-endian 32-bit floats in base64, as OpenAI's <c>encoding_format</c> has them.</summary>
    public string AsBase64()
    {
        var bytes = new byte[_values.Length * 4];
        for (var i = 0; i < _values.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * 4), _values[i]);
        return Convert.ToBase64String(bytes);
    }
}
