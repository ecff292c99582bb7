using System.Buffers;
using System.IO.Compression;

namespace Lava.Core.Tests.Formats;

public sealed class EncodedAnswerTests
{
    public static TheoryData<string> Encodings { get; } = ["gzip", "x-gzip", "br", "deflate", "bare deflate"];

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Encoded_answers_are_read_and_pass_as_they_are(string encoding)
    {
        foreach (var fixture in AnswerFixtures.All)
        {
            var body = Encode(encoding, fixture.Body);
            var plain = AnswerRun.Of(fixture.Open(), fixture.Body).Summary;
            Check(AnswerRun.Of(Open(fixture, encoding), body));
            Check(AnswerRun.ByByte(Open(fixture, encoding), body));

            void Check(AnswerRun run)
            {
                run.All.ShouldBe(body);
                run.Early.Length.ShouldBeLessThan(body.Length);
                (run.Summary with { Seen = default }).ShouldBe(plain with { Seen = default }, fixture.Name);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Damaged_and_cut_encodings_pass_as_they_are(string encoding)
    {
        var random = new Random(3);
        var body = Encode(encoding, AnswerFixtures.ChatJson.Body);
        for (var i = 0; i < 300; i++)
        {
            var damaged = body.AsSpan(0, random.Next(1, body.Length)).ToArray();
            if (i % 2 == 0) damaged[random.Next(damaged.Length)] ^= (byte)random.Next(1, 256);
            AnswerRun.Of(Open(AnswerFixtures.ChatJson, encoding), damaged, random.Next(damaged.Length)).All.ShouldBe(damaged);
        }
    }

    [Fact]
    public void An_encoding_that_is_not_known_passes_unread()
    {
        var run = AnswerRun.Of(AnswerFixtures.ChatJson.Open(encoding: "zstd"), AnswerFixtures.ChatJson.Body);
        run.All.ShouldBe(AnswerFixtures.ChatJson.Body);
        run.Summary.HasUsage.ShouldBeFalse();
    }

    [Fact]
    public void An_answer_that_decodes_to_a_thousand_times_its_size_takes_no_such_memory()
    {
        var body = Encode("gzip", [.. "{\"id\":\""u8, .. new byte[20_000_000]]);
        using var reader = AnswerFixtures.ChatJson.Open(encoding: "gzip");
        var released = new ArrayBufferWriter<byte>(body.Length);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < body.Length; i += 4096) reader.Read(body.AsSpan(i, Math.Min(4096, body.Length - i)), released);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1_000_000);
    }

    private static Lava.Core.Formats.AnswerReader Open(AnswerFixture fixture, string encoding) => fixture.Open(encoding: encoding == "bare deflate" ? "deflate" : encoding);

    private static byte[] Encode(string encoding, byte[] body)
    {
        using var output = new MemoryStream();
        using (Stream encoder = encoding switch
        {
            "br" => new BrotliStream(output, CompressionLevel.Fastest),
            "deflate" => new ZLibStream(output, CompressionLevel.Fastest),
            "bare deflate" => new DeflateStream(output, CompressionLevel.Fastest),
            _ => new GZipStream(output, CompressionLevel.Fastest),
        }) encoder.Write(body);
        return output.ToArray();
    }
}
