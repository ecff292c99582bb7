using System.Text;
using Lava.Core.Catalogue;
using Lava.Core.Formats;

namespace Lava.Core.Tests.Formats;

/// <summary>How long recordings are, by what a decoder plays of them. Each format has a file that tells the truth of itself and one whose headers lie: both are as long.</summary>
public sealed class RecordingTests
{
    private const string Type = "multipart/form-data; boundary=b";

    private static readonly ProviderEndpoint Transcription = AnswerFixture.Endpoint(WireFormat.OpenAiMedia, EndpointKind.Transcription);

    // Frames: 300 of 4,096 samples at 44,100 Hz; 500 of 20 ms; 100 of 1,152 samples at 44,100 Hz; 431 of 1,024 samples at 44,100 Hz; 96 Vorbis packets of 1,024 samples at 48,000 Hz.
    public static TheoryData<string, byte[], decimal?> Recordings { get; } = new()
    {
        { "wav", SampleRecordings.Wav(16_000, 3), 3m },
        { "wav, a thousand times the byte rate", SampleRecordings.Wav(16_000, 3, byteRate: 32_000_000), 3m },
        { "wav, a data chunk of a tenth", SampleRecordings.Wav(16_000, 3, size: 9_600), 3m },
        { "wav, streamed", SampleRecordings.Wav(16_000, 3, size: uint.MaxValue), 3m },
        { "flac", SampleRecordings.Flac(1_228_800, 300), 27.864m },
        { "flac, one sample claimed", SampleRecordings.Flac(1, 300), 27.864m },
        { "ogg opus", SampleRecordings.OggOpus(500, 480_312), 10m },
        { "ogg opus, one second claimed", SampleRecordings.OggOpus(500, 48_312), 10m },
        { "ogg vorbis", SampleRecordings.OggVorbis(96, 90_000), 1.875m },
        { "ogg vorbis, a tenth claimed", SampleRecordings.OggVorbis(96, 9_000), 2.048m },
        { "mp3", SampleRecordings.Mp3(100), 2.612m },
        { "mp3, two frames claimed", SampleRecordings.Mp3(100, 2), 2.612m },
        { "m4a", SampleRecordings.M4a(10, 431), 10.008m },
        { "m4a, one second claimed", SampleRecordings.M4a(1, 431), 10.008m },
        { "m4a, fewer samples than so many bytes can be", SampleRecordings.M4a(1, 2, 640_000), 10m },
        { "m4a without tracks", SampleRecordings.M4a(1, 0), null },
        { "noise", new byte[4_000], null },
        { "text", "this is no recording at all"u8.ToArray(), null },
    };

    [Theory]
    [MemberData(nameof(Recordings))]
    public void A_recording_is_as_long_as_it_plays(string name, byte[] file, decimal? seconds)
    {
        Read(file).AudioSeconds.ShouldBe(seconds, name);
        for (var length = 0; length < Math.Min(file.Length, 300); length++) Read(file[..length]);
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            var damaged = file.ToArray();
            damaged[random.Next(Math.Min(64, file.Length))] = (byte)random.Next(256);
            Read(damaged);
        }
    }

    /// <summary>RFC 6716, table 2, and code 3's count of frames.</summary>
    [Theory]
    [InlineData(0, 0, 0.01)]
    [InlineData(3, 0, 0.06)]
    [InlineData(13, 0, 0.02)]
    [InlineData(16, 0, 0.0025)]
    [InlineData(31, 1, 0.04)]
    [InlineData(31, 3, 0.1)]
    public void An_Opus_packet_says_how_long_it_plays(int configuration, int code, double seconds)
    {
        var file = SampleRecordings.OggOpus(100, 0);
        for (var at = 1; at <= file.Length - 4; at++)
        {
            // The packets of the sample: 31 << 3 and three zeros.
            if (file[at] == 248 && file[at - 1] == 4) (file[at], file[at + 1]) = ((byte)((configuration << 3) | code), 5);
        }

        Read(file).AudioSeconds.ShouldBe((decimal)seconds * 100);
    }

    private static RequestFacts Read(byte[] file)
    {
        byte[] form = [.. Encoding.ASCII.GetBytes("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n"), .. file, .. "\r\n--b--\r\n"u8];
        return RequestReader.Read(form, Type, Transcription).ShouldNotBeNull();
    }
}
