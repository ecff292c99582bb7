using System.Buffers.Binary;
using System.Text;
using Lava.Core.Catalogue;
using Lava.Core.Formats;

namespace Lava.Core.Tests.Formats;

/// <summary>Uploads as platform.openai.com/docs/api-reference/audio/createTranscription and elevenlabs.io/docs/api-reference/speech-to-text describe them.</summary>
public sealed class FormRequestTests
{
    private const string Type = "multipart/form-data; boundary=----formdata-0453";

    private static readonly ProviderEndpoint Transcription = AnswerFixture.Endpoint(WireFormat.OpenAiMedia, EndpointKind.Transcription);

    [Fact]
    public void Fields_and_the_recordings_length_are_read()
    {
        var body = Form(Field("stream", "true"), Field("model", "whisper-1"), Field("response_format", "srt"), File(Wav(8_000, 12_000)));
        var facts = RequestReader.Read(body, Type, Transcription).ShouldNotBeNull();
        facts.Model.ShouldBe("whisper-1");
        facts.Stream.ShouldBeTrue();
        facts.AudioSeconds.ShouldBe(1.5m);
        facts.MediaBytes.ShouldBe(12_044);
        facts.PromptBytes.ShouldBe("truewhisper-1srt".Length);
    }

    [Fact]
    public void Image_edits_are_read()
    {
        var body = Form(Field("model", "gpt-image-1"), Field("n", "2"), Field("prompt", "A cat"), File(new byte[100]), File(new byte[100]));
        var facts = RequestReader.Read(body, Type.Replace("boundary=----formdata-0453", "boundary=\"----formdata-0453\"; charset=utf-8", StringComparison.Ordinal),
            AnswerFixture.Endpoint(WireFormat.OpenAiMedia, EndpointKind.Images)).ShouldNotBeNull();
        facts.Choices.ShouldBe(2);
        facts.MediaParts.ShouldBe(2);
        facts.Model.ShouldBe("gpt-image-1");
    }

    [Fact]
    public void A_model_that_is_named_twice_is_invalid() =>
        RequestReader.Read(Form(Field("model", "a"), Field("model", "b")), Type, Transcription).ShouldNotBeNull().ModelIsInvalid.ShouldBeTrue();

    [Theory]
    [InlineData("multipart/form-data")]
    [InlineData("multipart/form-data; boundary=other")]
    [InlineData("multipart/form-data; boundary=")]
    public void A_form_without_its_boundary_is_none(string type) => RequestReader.Read(Form(Field("model", "m")), type, Transcription).ShouldBeNull();

    [Theory]
    [InlineData("Content-Disposition: form-data; name=\"mod\\el\"")]
    [InlineData("Content-Disposition: form-data; name=\"a\"; name=\"model\"")]
    [InlineData("Content-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; name=\"model\"")]
    [InlineData("Content-Disposition: form-data;\r\n name=\"model\"")]
    [InlineData("Content-Disposition: form-data; name*=utf-8''model")]
    [InlineData("Content-Type: text/plain")]
    public void A_field_that_readers_name_differently_is_refused(string headers) =>
        RequestReader.Read(Form(Field("model", "a"), Encoding.UTF8.GetBytes(headers + "\r\n\r\nb")), Type, Transcription).ShouldBeNull();

    [Theory]
    [InlineData("content-disposition:form-data;name=model")]
    [InlineData("Content-Type: text/plain\r\nContent-Disposition: form-data; NAME=\"model\"")]
    public void A_field_may_be_named_in_any_of_the_usual_ways(string headers) =>
        RequestReader.Read(Form(Encoding.UTF8.GetBytes(headers + "\r\n\r\nb")), Type, Transcription).ShouldNotBeNull().Model.ShouldBe("b");

    [Fact]
    public void What_looks_like_a_delimiter_inside_a_file_is_part_of_it()
    {
        byte[] content = [.. "x------formdata-0453\r\n\r\n"u8, .. "\r\n------formdata-04530\r\n"u8];
        RequestReader.Read(Form(File(content), Field("model", "m")), Type, Transcription).ShouldNotBeNull().MediaBytes.ShouldBe(content.Length);
    }

    [Fact]
    public void A_form_that_breaks_off_is_none()
    {
        var body = Form(Field("model", "m"));
        for (var length = 0; length < body.Length - 4; length++) RequestReader.Read(body.AsSpan(0, length), Type, Transcription).ShouldBeNull();
    }

    public static TheoryData<string, byte[], decimal?> Recordings { get; } = new()
    {
        { "wav", Wav(16_000, 48_000), 3m },
        { "flac", Flac(44_100, 441_000), 10m },
        { "ogg opus", Ogg([.. "OpusHead"u8, 1, 1, 0x38, 1, .. new byte[7]], 48_312), 1m },
        { "ogg vorbis", Ogg([1, .. "vorbis"u8, 0, 0, 0, 0, 2, 0x80, 0xBB, 0, 0, .. new byte[14]], 96_000), 2m },
        { "mp4", Mp4(1_000, 2_500), 2.5m },
        { "mp3, constant rate", Mp3(100, null), 2.612m },
        { "mp3 with Xing", Mp3(1, 1_000), 26.122m },
        { "noise", new byte[4_000], null },
        { "text", "this is no recording at all"u8.ToArray(), null },
    };

    [Theory]
    [MemberData(nameof(Recordings))]
    public void Lengths_stand_in_headers(string name, byte[] file, decimal? seconds)
    {
        RequestReader.Read(Form(File(file)), Type, Transcription).ShouldNotBeNull().AudioSeconds.ShouldBe(seconds, name);
        for (var length = 0; length < Math.Min(file.Length, 300); length++) RequestReader.Read(Form(File(file[..length])), Type, Transcription).ShouldNotBeNull();
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            var damaged = file.ToArray();
            damaged[random.Next(Math.Min(64, file.Length))] = (byte)random.Next(256);
            RequestReader.Read(Form(File(damaged)), Type, Transcription).ShouldNotBeNull();
        }
    }

    private static byte[] Form(params byte[][] parts)
    {
        var form = new List<byte>();
        foreach (var part in parts) form.AddRange([.. "------formdata-0453\r\n"u8, .. part, .. "\r\n"u8]);
        form.AddRange("------formdata-0453--\r\n"u8);
        return [.. form];
    }

    private static byte[] Field(string name, string value) => Encoding.UTF8.GetBytes($"Content-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}");

    private static byte[] File(byte[] content) =>
        [.. "Content-Disposition: form-data; filename=\"a.bin\"; name=\"file\"\r\nContent-Type: application/octet-stream\r\n\r\n"u8, .. content];

    // RIFF: a format chunk, another chunk, the samples.
    private static byte[] Wav(int bytesPerSecond, int length)
    {
        var file = new byte[44 + length];
        "RIFF"u8.CopyTo(file);
        "WAVEfmt "u8.CopyTo(file.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(16), 16);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(28), bytesPerSecond);
        "data"u8.CopyTo(file.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(40), -1);
        return file;
    }

    private static byte[] Flac(ulong rate, ulong samples)
    {
        var file = new byte[60];
        "fLaC"u8.CopyTo(file);
        file[7] = 34;
        BinaryPrimitives.WriteUInt64BigEndian(file.AsSpan(18), (rate << 44) | samples);
        return file;
    }

    private static byte[] Ogg(byte[] head, ulong samples)
    {
        var last = new byte[28];
        "OggS"u8.CopyTo(last);
        BinaryPrimitives.WriteUInt64LittleEndian(last.AsSpan(6), samples);
        return [.. "OggS"u8, .. new byte[22], 1, (byte)head.Length, .. head, .. new byte[20], .. last];
    }

    private static byte[] Mp4(uint scale, uint duration)
    {
        var header = new byte[108];
        BinaryPrimitives.WriteUInt32BigEndian(header, 108);
        "mvhd"u8.CopyTo(header.AsSpan(4));
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(20), scale);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(24), duration);
        return [0, 0, 0, 16, .. "ftypM4A "u8, 0, 0, 0, 0, 0, 0, 0, 12, .. "mdat"u8, 1, 2, 3, 4, 0, 0, 0, 116, .. "moov"u8, .. header];
    }

    // MPEG 1 layer III, 128 kbit/s, 44.1 kHz: frames of 417 bytes and 1,152 samples.
    private static byte[] Mp3(int frames, uint? xing)
    {
        var file = new List<byte>([.. "ID3"u8, 4, 0, 0, 0, 0, 0, 4, 9, 9, 9, 9]);
        for (var i = 0; i < frames; i++)
        {
            var frame = new byte[417];
            new byte[] { 0xFF, 0xFB, 0x90, 0x00 }.CopyTo(frame, 0);
            if (xing is { } count)
            {
                "Xing"u8.CopyTo(frame.AsSpan(36));
                frame[43] = 1;
                BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(44), count);
            }

            file.AddRange(frame);
        }

        return [.. file];
    }
}
