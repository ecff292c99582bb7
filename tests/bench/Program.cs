using System.Globalization;
using Lava.Bench;

return args switch
{
    ["upstream", var port] => await Upstream.RunAsync(int.Parse(port, CultureInfo.InvariantCulture)),
    ["passthrough", var port, var upstream] => await PassThrough.RunAsync(int.Parse(port, CultureInfo.InvariantCulture), upstream),
    ["run", "--translate", .. var options] => await Translate.RunAsync(options),
    ["run", "--scale"] => await Scale.RunAsync(),
    ["run", "--start", .. var options] => await Start.RunAsync(options),
    ["run", .. var options] => await Runner.RunAsync(options),
    _ => Fail(),
};

static int Fail()
{
    System.Console.Error.WriteLine("bench run [--seconds N] [--peers] | run --scale | run --translate [--seconds N] | run --start [--runs N] [--beside DIR] | upstream PORT | passthrough PORT UPSTREAM");
    return 2;
}
