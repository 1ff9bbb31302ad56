using System.Text;
using System.Text.Json;
using AgentLab.Core;
using AgentLab.Core.Agents;
using AgentLab.Core.Identity;
using AgentLab.Core.Models;
using AgentLab.Core.Requests;
using AgentLab.Core.Sessions;
using AgentLab.Core.Workflows;
using AgentLab.Core.Workflows.Definition;
using AgentLab.Core.Workflows.Nodes.ActionBlocks;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Faults.Appends;

/// <summary>
/// One change that a store makes beside the log: what has to be there before it, and the change itself, which says whether it took effect. It can be tried again after a fault.
/// </summary>
internal sealed record StoreChange(string Name, IReadOnlyList<string> Writes, Func<IServiceProvider, Task<Func<Task<bool>>>> Prepare)
{
    private static readonly Actor Editor = new(Guid.NewGuid(), ActorRole.Editor);
    private static readonly Actor Admin = new(Guid.NewGuid(), ActorRole.Admin);

    /// <summary>Every store's changes, each with the writes that it consists of: a kind of statement and its table.</summary>
    public static IReadOnlyList<StoreChange> All { get; } = [.. Agents(), .. Workflows(), .. ActionBlocks(), .. Providers(), .. People(), .. Requests(), .. Files()];

    private static string Mark => Guid.NewGuid().ToString("N");

    private static IEnumerable<StoreChange> Agents()
    {
        yield return Of<IAgentStore, AgentDefinition>("agent: create", ["INSERT agents", "INSERT agent_versions"], _ => Task.FromResult(Agent()), async (store, agent) => (await store.CreateAsync(agent, AgentStatus.Active, Editor, default)).Ok);
        yield return Of<IAgentStore, Agent>("agent: save", ["UPDATE agents", "INSERT agent_versions"], MakeAsync, async (store, agent) => (await store.UpdateAsync(agent.Id, 1, agent.Definition with { Instructions = "New." }, Editor, default)).Ok);
        yield return Of<IAgentStore, Agent>("agent: disable", ["UPDATE agents"], MakeAsync, async (store, agent) => (await store.SetStatusAsync(agent.Id, AgentStatus.Disabled, Editor, default)).Ok);
        yield return Of<IAgentStore, Agent>("agent: offer", ["UPDATE agents"], MakeAsync, async (store, agent) => (await store.SetOfferedAsync(agent.Id, true, Editor, default)).Ok);
        yield return Of<IAgentStore, Agent>("agent: delete", ["UPDATE agents"], MakeAsync, async (store, agent) => (await store.DeleteAsync(agent.Id, Admin, default)).Ok);

        static AgentDefinition Agent() => new() { Name = $"Agent {Mark}" };
        static async Task<Agent> MakeAsync(IAgentStore store) => Made(await store.CreateAsync(Agent(), AgentStatus.Active, Editor, default));
    }

    private static IEnumerable<StoreChange> Workflows()
    {
        yield return Of<IWorkflowStore, WorkflowDefinition>("workflow: create", ["INSERT workflows", "INSERT workflow_drafts", "INSERT workflow_gestures"], _ => Task.FromResult(Definition()), async (store, made) => (await store.CreateAsync(made, Editor, default)).Ok);
        yield return Of<IWorkflowStore, Workflow>(
            "workflow: commit a gesture", ["UPDATE workflows", "UPDATE workflow_drafts", "INSERT workflow_gestures"], MakeAsync, async (store, made) => (await store.CommitAsync(made.Id, made.Revision, Guid.CreateVersion7(), "Move", [new MoveNodes([new NodeMove("hook", 10, 20)])], Editor, default)).Ok);
        yield return Of<IWorkflowStore, Workflow>(
            "workflow: replace", ["UPDATE workflows", "UPDATE workflow_drafts", "INSERT workflow_gestures"], MakeAsync, async (store, made) => (await store.ReplaceAsync(made.Id, made.Revision, Definition() with { Description = "New." }, Editor, default)).Ok);
        yield return Of<IWorkflowStore, Workflow>("workflow: publish", ["UPDATE workflows", "INSERT workflow_hooks", "INSERT workflow_versions"], MakeAsync, async (store, made) => (await store.PublishAsync(made.Id, made.Revision, "First", Editor, default)).Ok);
        yield return Of<IWorkflowStore, Workflow>("workflow: publish again", ["UPDATE workflows", "INSERT workflow_hooks", "DELETE workflow_hooks", "INSERT workflow_versions"], ReplacedAsync, async (store, made) => (await store.PublishAsync(made.Id, made.Revision, "Second", Editor, default)).Ok);
        yield return Of<IWorkflowStore, Workflow>("workflow: switch off", ["UPDATE workflows", "DELETE workflow_hooks"], PublishedAsync, async (store, made) => (await store.SetActiveAsync(made.Id, false, Editor, default)).Ok);
        yield return Of<IWorkflowStore, Workflow>("workflow: offer", ["UPDATE workflows"], PublishedAsync, async (store, made) => (await store.SetOfferedAsync(made.Id, true, Editor, default)).Ok);
        yield return Of<IWorkflowStore, Workflow>("workflow: delete", ["UPDATE workflows", "DELETE workflow_hooks"], PublishedAsync, async (store, made) => (await store.DeleteAsync(made.Id, Admin, default)).Ok);

        static WorkflowDefinition Definition() => new()
        {
            Name = $"Workflow {Mark}",
            Nodes = [new WorkflowNode { Id = "hook", Kind = "webhook_trigger", Name = "Hook", Settings = JsonSerializer.SerializeToElement(new { slug = Mark }) }],
        };
        static async Task<Workflow> MakeAsync(IWorkflowStore store) => Made(await store.CreateAsync(Definition(), Editor, default));
        static async Task<Workflow> PublishedAsync(IWorkflowStore store)
        {
            var made = await MakeAsync(store);
            return Made(await store.PublishAsync(made.Id, made.Revision, "First", Editor, default));
        }

        static async Task<Workflow> ReplacedAsync(IWorkflowStore store)
        {
            var made = await PublishedAsync(store);
            return Made(await store.ReplaceAsync(made.Id, made.Revision, Definition(), Editor, default));
        }
    }

    private static IEnumerable<StoreChange> ActionBlocks()
    {
        yield return Of<IActionBlocks, ActionBlock>("action block: create", ["INSERT action_blocks"], _ => Task.FromResult(Block()), async (store, block) => (await store.SaveAsync(block, Editor, default)).Ok);
        yield return Of<IActionBlocks, ActionBlock>("action block: save", ["UPDATE action_blocks"], MakeAsync, async (store, block) => (await store.SaveAsync(block with { Description = "Changed." }, Editor, default)).Ok);
        yield return Of<IActionBlocks, ActionBlock>("action block: delete", ["DELETE action_blocks"], MakeAsync, async (store, block) => (await store.DeleteAsync(block.Id, Editor, default)).Ok);

        static ActionBlock Block() => new(Guid.CreateVersion7(), $"Block {Mark}", "Says so.", "transform", JsonElement.Parse("""{"text": "so"}"""), ["say"]);
        static async Task<ActionBlock> MakeAsync(IActionBlocks store) => Made(await store.SaveAsync(Block(), Editor, default));
    }

    private static IEnumerable<StoreChange> Providers()
    {
        yield return Of<IProviderStore, ProviderDefinition>("secret: a new provider's key", ["INSERT providers"], _ => Task.FromResult(Provider()), (store, made) => SaveAsync(store, made, "sk-first-secret"));
        yield return Of<IProviderStore, ProviderDefinition>("secret: another key", ["UPDATE providers"], MakeAsync, (store, made) => SaveAsync(store, made, "sk-second-secret"));
        yield return Of<IProviderStore, ProviderDefinition>("secret: delete with its provider", ["DELETE providers"], MakeAsync, (store, made) => store.DeleteAsync(made.Id, default));

        static ProviderDefinition Provider() => new() { Id = $"p-{Mark}", Name = "Example", Endpoint = new Uri("https://models.example/v1"), Enabled = false };
        static async Task<bool> SaveAsync(IProviderStore store, ProviderDefinition provider, string key)
        {
            await store.SaveAsync(provider, SecretChange.Replace(new Secret(key)), default);
            return true;
        }

        static async Task<ProviderDefinition> MakeAsync(IProviderStore store)
        {
            var made = Provider();
            await SaveAsync(store, made, "sk-first-secret");
            return made;
        }
    }

    private static IEnumerable<StoreChange> People()
    {
        const string Password = "Correct-Horse-7-Battery";
        yield return Of<IAccounts, NewAccount>("user: create", ["INSERT users", "INSERT user_roles"], _ => Task.FromResult(Person()), async (store, person) => (await store.CreateAsync(person, default)).Ok);
        yield return Of<IAccounts, Account>("user: another role", ["UPDATE roles", "UPDATE users", "INSERT user_roles", "DELETE user_roles"], MakeAsync, async (store, made) => (await store.SetRoleAsync(made.Id, ActorRole.Viewer, default)).Ok);
        yield return Of<IAccounts, Account>("user: disable", ["UPDATE roles", "UPDATE users"], MakeAsync, async (store, made) => (await store.SetEnabledAsync(made.Id, false, default)).Ok);
        yield return new StoreChange("user: change password", ["UPDATE users", "UPDATE signin_sessions"], async services =>
        {
            var made = await MakeAsync(services.GetRequiredService<IAccounts>());
            await SignInAsync(services, made.Id);
            var kept = await SignInAsync(services, made.Id);
            return async () => (await services.GetRequiredService<IAccounts>().ChangePasswordAsync(made.Id, Password, "Another-Horse-8-Battery", kept.SessionId, default)).Ok;
        });
        yield return new StoreChange("sign-in: begin", ["INSERT signin_sessions"], async services =>
        {
            var made = await MakeAsync(services.GetRequiredService<IAccounts>());
            return async () => (await SignInAsync(services, made.Id)).UserId == made.Id;
        });
        yield return new StoreChange("sign-in: revoke all", ["UPDATE signin_sessions"], async services =>
        {
            var made = await MakeAsync(services.GetRequiredService<IAccounts>());
            await SignInAsync(services, made.Id);
            return async () => await services.GetRequiredService<ISignInSessions>().RevokeAllAsync(made.Id, null, default) == 1;
        });
        yield return new StoreChange("sign-in: refresh", ["UPDATE signin_sessions", "INSERT refresh_tokens", "UPDATE refresh_tokens"], async services =>
        {
            var made = await MakeAsync(services.GetRequiredService<IAccounts>());
            var session = await SignInAsync(services, made.Id);
            var token = await services.GetRequiredService<IRefreshTokens>().IssueAsync(session.SessionId, default);
            return async () => (await services.GetRequiredService<IRefreshTokens>().ExchangeAsync(token, default)).Ok;
        });

        static NewAccount Person() => new($"{Mark}@lab.test", Password, ActorRole.Editor);
        static async Task<Account> MakeAsync(IAccounts store) => Made(await store.CreateAsync(Person(), default));
        static Task<SignedIn> SignInAsync(IServiceProvider services, Guid user) =>
            services.GetRequiredService<ISignInSessions>().BeginAsync(new SignInStart(user, true, TimeSpan.FromHours(1), "127.0.0.1", "a test"), default);
    }

    private static IEnumerable<StoreChange> Requests()
    {
        yield return Of<IRequestJournal, IdempotencyKey>("request: begin", ["INSERT idempotency_keys"], _ => Task.FromResult(Key()), async (store, key) => (await store.BeginAsync(key, default)).Kind == RequestClaimKind.New);
        yield return Of<IRequestJournal, IdempotencyKey>("request: complete", ["UPDATE idempotency_keys"], BegunAsync, async (store, key) =>
        {
            await store.CompleteAsync(key, """{"status":201}""", default);
            return (await store.BeginAsync(key, default)).Kind == RequestClaimKind.Replayed;
        });
        yield return Of<IRequestJournal, IdempotencyKey>("request: abandon", ["DELETE idempotency_keys"], BegunAsync, async (store, key) =>
        {
            await store.AbandonAsync(key, default);
            return true;
        });

        static IdempotencyKey Key() => new(Mark, "agents.create", "a key", "a hash");
        static async Task<IdempotencyKey> BegunAsync(IRequestJournal store)
        {
            var key = Key();
            (await store.BeginAsync(key, default)).Kind.ShouldBe(RequestClaimKind.New);
            return key;
        }
    }

    private static IEnumerable<StoreChange> Files()
    {
        yield return Of<IAttachmentStore, string>(
            "attachment: upload", ["INSERT blobs", "INSERT attachments"], _ => Task.FromResult(Mark), async (store, text) => (await store.SaveAsync("a.txt", "text/plain", new MemoryStream(Encoding.UTF8.GetBytes(text)), Editor, default)).Ok);
    }

    private static StoreChange Of<TStore, T>(string name, IReadOnlyList<string> writes, Func<TStore, Task<T>> prepare, Func<TStore, T, Task<bool>> change)
        where TStore : notnull => new(name, writes, async services =>
        {
            var store = services.GetRequiredService<TStore>();
            var subject = await prepare(store);
            return () => change(store, subject);
        });

    private static T Made<T>(Outcome<T> outcome) where T : class => outcome.Ok ? outcome.Value : throw new InvalidOperationException(string.Join(" ", outcome.Errors.Select(e => e.Message)));
}
