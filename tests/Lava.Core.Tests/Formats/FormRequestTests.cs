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
        var body = Form(Field("stream", "true"), Field("model", "whisper-1"), Field("response_format", "srt"), File(SampleRecordings.Wav(8_000, 2)));
        var facts = RequestReader.Read(body, Type, Transcription).ShouldNotBeNull();
        facts.Model.ShouldBe("whisper-1");
        facts.Stream.ShouldBeTrue();
        facts.AudioSeconds.ShouldBe(2m);
        facts.MediaBytes.ShouldBe(32_044);
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
}
