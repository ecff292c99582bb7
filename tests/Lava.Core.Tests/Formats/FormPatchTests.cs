using System.Text;
using Lava.Core.Formats;

namespace Lava.Core.Tests.Formats;

public sealed class FormPatchTests
{
    private const string Type = "multipart/form-data; boundary=\"x y\"";

    [Theory]
    [InlineData("openai/whisper-1", "whisper-1")]
    [InlineData("a", "a-much-longer-name")]
    public void The_model_is_replaced_and_nothing_else(string before, string after) => Patched(Form(before), after).ShouldBe(Form(after));

    [Fact]
    public void A_form_that_names_the_model_already_is_the_same_memory()
    {
        ReadOnlyMemory<byte> body = Encoding.UTF8.GetBytes(Form("whisper-1"));
        FormPatch.Apply(body, Type, "whisper-1").Equals(body).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("--x y")]
    [InlineData("--x y\r\nContent-Disposition: form-data; name=\"file\"; filename=\"model\"\r\n\r\nmodel\r\n--x y--")]
    [InlineData("--x y\r\nContent-Disposition: form-data; name=\"model\"")]
    public void What_has_no_field_model_stays(string body) => Patched(body, "m").ShouldBe(body);

    [Theory]
    [InlineData("multipart/form-data; boundary=x", true)]
    [InlineData(" Multipart/Form-Data;boundary=x", true)]
    [InlineData("application/json", false)]
    [InlineData(null, false)]
    public void A_form_is_told_by_its_type(string? type, bool isForm) => FormPatch.IsForm(type).ShouldBe(isForm);

    private static string Patched(string body, string model) => Encoding.UTF8.GetString(FormPatch.Apply(Encoding.UTF8.GetBytes(body), Type, model).Span);

    // A file that looks like a field, and a field that looks like the model.
    private static string Form(string model) =>
        "--x y\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\nContent-Type: audio/wav\r\n\r\nname=\"model\"\r\n\r\nopenai/whisper-1\r\n--x y\r\n"
        + $"Content-Disposition: form-data; name=model\r\n\r\n{model}\r\n--x y\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\n{{\"model\"}}\r\n--x y--\r\n";
}
