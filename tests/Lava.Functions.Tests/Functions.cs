using System.Reflection;
using Lava.Functions.Http;
using Microsoft.Azure.Functions.Worker;

namespace Lava.Functions.Tests;

/// <summary>The app's functions, as the worker's metadata generator would find them.</summary>
internal static class Functions
{
    public static readonly IReadOnlyList<(string Name, MethodInfo Method)> All =
    [
        .. from type in typeof(InnerPipeline).Assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance)
           let function = method.GetCustomAttribute<FunctionAttribute>()
           where function is not null
           select (function.Name, method),
    ];

    public static IEnumerable<(string Name, HttpTriggerAttribute Trigger)> Http => With<HttpTriggerAttribute>();

    public static IEnumerable<(string Name, T Trigger)> With<T>()
        where T : Attribute => from function in All
                               from parameter in function.Method.GetParameters()
                               let trigger = parameter.GetCustomAttribute<T>()
                               where trigger is not null
                               select (function.Name, trigger);
}
