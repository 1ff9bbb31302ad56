using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

#pragma warning disable CA1814 // Prefer jagged arrays over multidimensional

namespace AgentLab.Data.Databases.SqlServer.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "blobs",
                columns: table => new
                {
                    sha256 = table.Column<string>(type: "varchar(64)", unicode: false, maxLength: 64, nullable: false),
                    size = table.Column<long>(type: "bigint", nullable: false),
                    content_type = table.Column<string>(type: "varchar(200)", unicode: false, maxLength: 200, nullable: false),
                    content = table.Column<byte[]>(type: "varbinary(max)", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_blobs", x => x.sha256);
                });

            migrationBuilder.CreateTable(
                name: "data_protection_keys",
                columns: table => new
                {
                    row_key = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    friendly_name = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    xml = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_data_protection_keys", x => x.row_key);
                });

            migrationBuilder.CreateTable(
                name: "idempotency_keys",
                columns: table => new
                {
                    principal = table.Column<string>(type: "varchar(100)", unicode: false, maxLength: 100, nullable: false),
                    route = table.Column<string>(type: "varchar(100)", unicode: false, maxLength: 100, nullable: false),
                    request_key = table.Column<string>(type: "nvarchar(255)", maxLength: 255, nullable: false),
                    body_hash = table.Column<string>(type: "varchar(64)", unicode: false, maxLength: 64, nullable: false),
                    answer = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_idempotency_keys", x => new { x.principal, x.route, x.request_key });
                });

            migrationBuilder.CreateTable(
                name: "instance",
                columns: table => new
                {
                    name = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    value = table.Column<string>(type: "nvarchar(400)", maxLength: 400, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_instance", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "key_blocks",
                columns: table => new
                {
                    name = table.Column<string>(type: "varchar(50)", unicode: false, maxLength: 50, nullable: false),
                    next_key = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_key_blocks", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "lab_nodes",
                columns: table => new
                {
                    id = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    name = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    started_at = table.Column<long>(type: "bigint", nullable: false),
                    lease_until = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_lab_nodes", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "projects",
                columns: table => new
                {
                    row_key = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    name = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    normalized_name = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    owner_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_projects", x => x.row_key);
                    table.UniqueConstraint("AK_projects_id", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "roles",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    name = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: true),
                    normalized_name = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: true),
                    concurrency_stamp = table.Column<string>(type: "nvarchar(max)", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_roles", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "run_hours",
                columns: table => new
                {
                    hour = table.Column<long>(type: "bigint", nullable: false),
                    owner_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    project_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    is_workflow = table.Column<bool>(type: "bit", nullable: false),
                    worker_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    status = table.Column<int>(type: "int", nullable: false),
                    runs = table.Column<long>(type: "bigint", nullable: false),
                    input_tokens = table.Column<long>(type: "bigint", nullable: false),
                    output_tokens = table.Column<long>(type: "bigint", nullable: false),
                    cost_nanos = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_run_hours", x => new { x.hour, x.owner_id, x.project_id, x.is_workflow, x.worker_id, x.status });
                });

            migrationBuilder.CreateTable(
                name: "run_letters",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    run_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    step_id = table.Column<string>(type: "varchar(1000)", unicode: false, maxLength: 1000, nullable: false),
                    content = table.Column<byte[]>(type: "varbinary(max)", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    answer = table.Column<string>(type: "varchar(20)", unicode: false, maxLength: 20, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_run_letters", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "task_gate",
                columns: table => new
                {
                    id = table.Column<int>(type: "int", nullable: false),
                    admissions = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_task_gate", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "users",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    disabled_at = table.Column<long>(type: "bigint", nullable: true),
                    user_name = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: true),
                    normalized_user_name = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: true),
                    email = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: true),
                    normalized_email = table.Column<string>(type: "nvarchar(256)", maxLength: 256, nullable: true),
                    email_confirmed = table.Column<bool>(type: "bit", nullable: false),
                    password_hash = table.Column<string>(type: "nvarchar(max)", nullable: true),
                    security_stamp = table.Column<string>(type: "nvarchar(max)", nullable: true),
                    concurrency_stamp = table.Column<string>(type: "nvarchar(max)", nullable: true),
                    phone_number = table.Column<string>(type: "nvarchar(max)", nullable: true),
                    phone_number_confirmed = table.Column<bool>(type: "bit", nullable: false),
                    two_factor_enabled = table.Column<bool>(type: "bit", nullable: false),
                    lockout_end = table.Column<long>(type: "bigint", nullable: true),
                    lockout_enabled = table.Column<bool>(type: "bit", nullable: false),
                    access_failed_count = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_users", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "workflow_ends",
                columns: table => new
                {
                    run_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    workflow_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    status = table.Column<string>(type: "varchar(20)", unicode: false, maxLength: 20, nullable: false),
                    ended_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_workflow_ends", x => x.run_id);
                });

            migrationBuilder.CreateTable(
                name: "action_blocks",
                columns: table => new
                {
                    row_key = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    owner_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    project_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    name = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    normalized_name = table.Column<string>(type: "nvarchar(300)", maxLength: 300, nullable: false),
                    description = table.Column<string>(type: "nvarchar(1000)", maxLength: 1000, nullable: false),
                    kind = table.Column<string>(type: "varchar(50)", unicode: false, maxLength: 50, nullable: false),
                    settings = table.Column<byte[]>(type: "varbinary(max)", nullable: false),
                    keywords = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    updated_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_action_blocks", x => x.row_key);
                    table.ForeignKey(
                        name: "FK_action_blocks_projects_project_id",
                        column: x => x.project_id,
                        principalTable: "projects",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "agents",
                columns: table => new
                {
                    row_key = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    slug = table.Column<string>(type: "varchar(70)", unicode: false, maxLength: 70, nullable: false),
                    name = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    normalized_name = table.Column<string>(type: "nvarchar(300)", maxLength: 300, nullable: true),
                    status = table.Column<int>(type: "int", nullable: false),
                    type = table.Column<int>(type: "int", nullable: false),
                    offered = table.Column<bool>(type: "bit", nullable: false),
                    version = table.Column<int>(type: "int", nullable: false),
                    owner_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    project_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    updated_at = table.Column<long>(type: "bigint", nullable: false),
                    deleted_at = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_agents", x => x.row_key);
                    table.ForeignKey(
                        name: "FK_agents_projects_project_id",
                        column: x => x.project_id,
                        principalTable: "projects",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "attachments",
                columns: table => new
                {
                    row_key = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    owner_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    project_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    name = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    content_type = table.Column<string>(type: "varchar(200)", unicode: false, maxLength: 200, nullable: false),
                    size = table.Column<long>(type: "bigint", nullable: false),
                    blob_hash = table.Column<string>(type: "varchar(64)", unicode: false, maxLength: 64, nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_attachments", x => x.row_key);
                    table.ForeignKey(
                        name: "FK_attachments_blobs_blob_hash",
                        column: x => x.blob_hash,
                        principalTable: "blobs",
                        principalColumn: "sha256",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_attachments_projects_project_id",
                        column: x => x.project_id,
                        principalTable: "projects",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "providers",
                columns: table => new
                {
                    id = table.Column<string>(type: "nvarchar(63)", maxLength: 63, nullable: false),
                    owner_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    project_key = table.Column<long>(type: "bigint", nullable: false),
                    name = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    kind = table.Column<short>(type: "smallint", nullable: false),
                    endpoint = table.Column<string>(type: "nvarchar(2000)", maxLength: 2000, nullable: true),
                    models = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    enabled = table.Column<bool>(type: "bit", nullable: false),
                    position = table.Column<int>(type: "int", nullable: false),
                    is_fallback = table.Column<bool>(type: "bit", nullable: false),
                    sealed_key = table.Column<string>(type: "nvarchar(max)", nullable: true),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    updated_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_providers", x => x.id);
                    table.ForeignKey(
                        name: "FK_providers_projects_project_key",
                        column: x => x.project_key,
                        principalTable: "projects",
                        principalColumn: "row_key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "sessions",
                columns: table => new
                {
                    row_key = table.Column<long>(type: "bigint", nullable: false),
                    id = table.Column<string>(type: "varchar(100)", unicode: false, maxLength: 100, nullable: true),
                    owner_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    project_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    agent_id = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    agent_version = table.Column<int>(type: "int", nullable: true),
                    agent_name = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: true),
                    workflow_id = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    workflow_version = table.Column<int>(type: "int", nullable: true),
                    workflow_name = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: true),
                    title = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    normalized_title = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    status = table.Column<int>(type: "int", nullable: false),
                    active_run_id = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    active_fence = table.Column<long>(type: "bigint", nullable: false),
                    head = table.Column<long>(type: "bigint", nullable: false),
                    head_hash = table.Column<byte[]>(type: "varbinary(32)", maxLength: 32, nullable: false),
                    messages = table.Column<int>(type: "int", nullable: false),
                    input_tokens = table.Column<long>(type: "bigint", nullable: false),
                    output_tokens = table.Column<long>(type: "bigint", nullable: false),
                    cost_nanos = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    updated_at = table.Column<long>(type: "bigint", nullable: false),
                    deleted_at = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sessions", x => x.row_key);
                    table.ForeignKey(
                        name: "FK_sessions_projects_project_id",
                        column: x => x.project_id,
                        principalTable: "projects",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "tasks",
                columns: table => new
                {
                    row_key = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    owner_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    project_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    title = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: false),
                    normalized_title = table.Column<string>(type: "nvarchar(1500)", maxLength: 1500, nullable: false),
                    description = table.Column<string>(type: "nvarchar(max)", maxLength: 10000, nullable: false),
                    priority = table.Column<int>(type: "int", nullable: false),
                    status = table.Column<int>(type: "int", nullable: false),
                    worker_kind = table.Column<int>(type: "int", nullable: false),
                    worker_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    worker_name = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    context = table.Column<byte[]>(type: "varbinary(max)", nullable: true),
                    scheduled_at = table.Column<long>(type: "bigint", nullable: true),
                    cron = table.Column<string>(type: "varchar(100)", unicode: false, maxLength: 100, nullable: true),
                    time_zone = table.Column<string>(type: "varchar(100)", unicode: false, maxLength: 100, nullable: false),
                    missed = table.Column<int>(type: "int", nullable: false),
                    time_limit = table.Column<int>(type: "int", nullable: false),
                    attempts = table.Column<int>(type: "int", nullable: false),
                    starts = table.Column<int>(type: "int", nullable: false),
                    due_at = table.Column<long>(type: "bigint", nullable: true),
                    rank = table.Column<long>(type: "bigint", nullable: false),
                    wake_at = table.Column<long>(type: "bigint", nullable: true),
                    node = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true),
                    run_id = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    session_id = table.Column<string>(type: "varchar(40)", unicode: false, maxLength: 40, nullable: true),
                    reason_code = table.Column<string>(type: "varchar(100)", unicode: false, maxLength: 100, nullable: true),
                    reason = table.Column<string>(type: "nvarchar(1000)", maxLength: 1000, nullable: true),
                    last_status = table.Column<int>(type: "int", nullable: true),
                    cancel_requested_at = table.Column<long>(type: "bigint", nullable: true),
                    timed_out_at = table.Column<long>(type: "bigint", nullable: true),
                    running_since = table.Column<long>(type: "bigint", nullable: true),
                    stop_asked_at = table.Column<long>(type: "bigint", nullable: true),
                    request_key = table.Column<string>(type: "varchar(64)", unicode: false, maxLength: 64, nullable: true),
                    request_hash = table.Column<string>(type: "varchar(64)", unicode: false, maxLength: 64, nullable: true),
                    version = table.Column<int>(type: "int", nullable: false),
                    revision = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    updated_at = table.Column<long>(type: "bigint", nullable: false),
                    started_at = table.Column<long>(type: "bigint", nullable: true),
                    ended_at = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tasks", x => x.row_key);
                    table.ForeignKey(
                        name: "FK_tasks_projects_project_id",
                        column: x => x.project_id,
                        principalTable: "projects",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "workflows",
                columns: table => new
                {
                    row_key = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    owner_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    project_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    slug = table.Column<string>(type: "varchar(70)", unicode: false, maxLength: 70, nullable: false),
                    name = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    normalized_name = table.Column<string>(type: "nvarchar(300)", maxLength: 300, nullable: true),
                    description = table.Column<string>(type: "nvarchar(2000)", maxLength: 2000, nullable: false),
                    tags = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    normalized_tags = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    nodes = table.Column<int>(type: "int", nullable: false),
                    active = table.Column<bool>(type: "bit", nullable: false),
                    offered = table.Column<bool>(type: "bit", nullable: false),
                    revision = table.Column<long>(type: "bigint", nullable: false),
                    draft_hash = table.Column<string>(type: "varchar(64)", unicode: false, maxLength: 64, nullable: false),
                    published_version = table.Column<int>(type: "int", nullable: true),
                    published_hash = table.Column<string>(type: "varchar(64)", unicode: false, maxLength: 64, nullable: true),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    updated_at = table.Column<long>(type: "bigint", nullable: false),
                    deleted_at = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_workflows", x => x.row_key);
                    table.ForeignKey(
                        name: "FK_workflows_projects_project_id",
                        column: x => x.project_id,
                        principalTable: "projects",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "role_claims",
                columns: table => new
                {
                    id = table.Column<int>(type: "int", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    role_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    claim_type = table.Column<string>(type: "nvarchar(max)", nullable: true),
                    claim_value = table.Column<string>(type: "nvarchar(max)", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_role_claims", x => x.id);
                    table.ForeignKey(
                        name: "FK_role_claims_roles_role_id",
                        column: x => x.role_id,
                        principalTable: "roles",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "signin_sessions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    user_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    kind = table.Column<short>(type: "smallint", nullable: false),
                    security_stamp = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    last_seen_at = table.Column<long>(type: "bigint", nullable: false),
                    expires_at = table.Column<long>(type: "bigint", nullable: false),
                    revoked_at = table.Column<long>(type: "bigint", nullable: true),
                    address = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: true),
                    user_agent = table.Column<string>(type: "nvarchar(300)", maxLength: 300, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_signin_sessions", x => x.id);
                    table.ForeignKey(
                        name: "FK_signin_sessions_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "user_claims",
                columns: table => new
                {
                    id = table.Column<int>(type: "int", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    user_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    claim_type = table.Column<string>(type: "nvarchar(max)", nullable: true),
                    claim_value = table.Column<string>(type: "nvarchar(max)", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_user_claims", x => x.id);
                    table.ForeignKey(
                        name: "FK_user_claims_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "user_logins",
                columns: table => new
                {
                    login_provider = table.Column<string>(type: "nvarchar(450)", nullable: false),
                    provider_key = table.Column<string>(type: "nvarchar(450)", nullable: false),
                    provider_display_name = table.Column<string>(type: "nvarchar(max)", nullable: true),
                    user_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_user_logins", x => new { x.login_provider, x.provider_key });
                    table.ForeignKey(
                        name: "FK_user_logins_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "user_roles",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    role_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_user_roles", x => new { x.user_id, x.role_id });
                    table.ForeignKey(
                        name: "FK_user_roles_roles_role_id",
                        column: x => x.role_id,
                        principalTable: "roles",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_user_roles_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "user_tokens",
                columns: table => new
                {
                    user_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    login_provider = table.Column<string>(type: "nvarchar(450)", nullable: false),
                    name = table.Column<string>(type: "nvarchar(450)", nullable: false),
                    value = table.Column<string>(type: "nvarchar(max)", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_user_tokens", x => new { x.user_id, x.login_provider, x.name });
                    table.ForeignKey(
                        name: "FK_user_tokens_users_user_id",
                        column: x => x.user_id,
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "agent_versions",
                columns: table => new
                {
                    agent_key = table.Column<long>(type: "bigint", nullable: false),
                    version = table.Column<int>(type: "int", nullable: false),
                    definition = table.Column<byte[]>(type: "varbinary(max)", nullable: false),
                    saved_at = table.Column<long>(type: "bigint", nullable: false),
                    saved_by = table.Column<Guid>(type: "uniqueidentifier", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_agent_versions", x => new { x.agent_key, x.version });
                    table.ForeignKey(
                        name: "FK_agent_versions_agents_agent_key",
                        column: x => x.agent_key,
                        principalTable: "agents",
                        principalColumn: "row_key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "artifacts",
                columns: table => new
                {
                    session_key = table.Column<long>(type: "bigint", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    name = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    kind = table.Column<string>(type: "varchar(20)", unicode: false, maxLength: 20, nullable: false),
                    content_type = table.Column<string>(type: "varchar(200)", unicode: false, maxLength: 200, nullable: false),
                    size = table.Column<long>(type: "bigint", nullable: false),
                    blob_hash = table.Column<string>(type: "varchar(64)", unicode: false, maxLength: 64, nullable: true),
                    created_at = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_artifacts", x => new { x.session_key, x.sequence });
                    table.ForeignKey(
                        name: "FK_artifacts_sessions_session_key",
                        column: x => x.session_key,
                        principalTable: "sessions",
                        principalColumn: "row_key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "run_waits",
                columns: table => new
                {
                    session_key = table.Column<long>(type: "bigint", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    run_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    step_id = table.Column<string>(type: "varchar(1000)", unicode: false, maxLength: 1000, nullable: false),
                    kind = table.Column<string>(type: "varchar(20)", unicode: false, maxLength: 20, nullable: false),
                    owner_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    project_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    due_at = table.Column<long>(type: "bigint", nullable: true),
                    key_hash = table.Column<string>(type: "varchar(64)", unicode: false, maxLength: 64, nullable: true),
                    approval_id = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    title = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    decision = table.Column<string>(type: "varchar(20)", unicode: false, maxLength: 20, nullable: true),
                    decided_sequence = table.Column<long>(type: "bigint", nullable: true),
                    ended_at = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_run_waits", x => new { x.session_key, x.sequence });
                    table.ForeignKey(
                        name: "FK_run_waits_sessions_session_key",
                        column: x => x.session_key,
                        principalTable: "sessions",
                        principalColumn: "row_key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "runs",
                columns: table => new
                {
                    row_key = table.Column<long>(type: "bigint", nullable: false),
                    id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    session_key = table.Column<long>(type: "bigint", nullable: false),
                    owner_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    project_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    status = table.Column<int>(type: "int", nullable: false),
                    trigger_name = table.Column<string>(type: "varchar(50)", unicode: false, maxLength: 50, nullable: false),
                    agent_id = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    agent_version = table.Column<int>(type: "int", nullable: true),
                    workflow_id = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    workflow_version = table.Column<int>(type: "int", nullable: true),
                    workflow_name = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: true),
                    node = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    fence = table.Column<long>(type: "bigint", nullable: false),
                    stop_requested_at = table.Column<long>(type: "bigint", nullable: true),
                    started_at = table.Column<long>(type: "bigint", nullable: false),
                    first_word_at = table.Column<long>(type: "bigint", nullable: true),
                    ended_at = table.Column<long>(type: "bigint", nullable: true),
                    recoveries = table.Column<int>(type: "int", nullable: false),
                    steps = table.Column<int>(type: "int", nullable: false),
                    input_tokens = table.Column<long>(type: "bigint", nullable: false),
                    output_tokens = table.Column<long>(type: "bigint", nullable: false),
                    cost_nanos = table.Column<long>(type: "bigint", nullable: false),
                    error_code = table.Column<string>(type: "varchar(100)", unicode: false, maxLength: 100, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_runs", x => x.row_key);
                    table.ForeignKey(
                        name: "FK_runs_sessions_session_key",
                        column: x => x.session_key,
                        principalTable: "sessions",
                        principalColumn: "row_key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "session_blobs",
                columns: table => new
                {
                    session_key = table.Column<long>(type: "bigint", nullable: false),
                    hash = table.Column<string>(type: "varchar(64)", unicode: false, maxLength: 64, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_session_blobs", x => new { x.session_key, x.hash });
                    table.ForeignKey(
                        name: "FK_session_blobs_sessions_session_key",
                        column: x => x.session_key,
                        principalTable: "sessions",
                        principalColumn: "row_key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "session_events",
                columns: table => new
                {
                    session_key = table.Column<long>(type: "bigint", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    append_id = table.Column<long>(type: "bigint", nullable: false),
                    run_id = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    step_id = table.Column<string>(type: "varchar(1000)", unicode: false, maxLength: 1000, nullable: true),
                    attempt = table.Column<int>(type: "int", nullable: false),
                    type = table.Column<string>(type: "varchar(100)", unicode: false, maxLength: 100, nullable: false),
                    v = table.Column<int>(type: "int", nullable: false),
                    at = table.Column<long>(type: "bigint", nullable: false),
                    data = table.Column<byte[]>(type: "varbinary(max)", nullable: false),
                    hash = table.Column<byte[]>(type: "varbinary(32)", maxLength: 32, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_session_events", x => new { x.session_key, x.sequence });
                    table.ForeignKey(
                        name: "FK_session_events_sessions_session_key",
                        column: x => x.session_key,
                        principalTable: "sessions",
                        principalColumn: "row_key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "task_attempts",
                columns: table => new
                {
                    task_key = table.Column<long>(type: "bigint", nullable: false),
                    number = table.Column<int>(type: "int", nullable: false),
                    status = table.Column<int>(type: "int", nullable: false),
                    run_id = table.Column<Guid>(type: "uniqueidentifier", nullable: true),
                    session_id = table.Column<string>(type: "varchar(40)", unicode: false, maxLength: 40, nullable: true),
                    started_at = table.Column<long>(type: "bigint", nullable: false),
                    ended_at = table.Column<long>(type: "bigint", nullable: true),
                    reason_code = table.Column<string>(type: "varchar(100)", unicode: false, maxLength: 100, nullable: true),
                    reason = table.Column<string>(type: "nvarchar(1000)", maxLength: 1000, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_task_attempts", x => new { x.task_key, x.number });
                    table.ForeignKey(
                        name: "FK_task_attempts_tasks_task_key",
                        column: x => x.task_key,
                        principalTable: "tasks",
                        principalColumn: "row_key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "workflow_drafts",
                columns: table => new
                {
                    workflow_key = table.Column<long>(type: "bigint", nullable: false),
                    definition = table.Column<byte[]>(type: "varbinary(max)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_workflow_drafts", x => x.workflow_key);
                    table.ForeignKey(
                        name: "FK_workflow_drafts_workflows_workflow_key",
                        column: x => x.workflow_key,
                        principalTable: "workflows",
                        principalColumn: "row_key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "workflow_events",
                columns: table => new
                {
                    workflow_key = table.Column<long>(type: "bigint", nullable: false),
                    node = table.Column<string>(type: "varchar(50)", unicode: false, maxLength: 50, nullable: false),
                    source_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    statuses = table.Column<string>(type: "varchar(100)", unicode: false, maxLength: 100, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_workflow_events", x => new { x.workflow_key, x.node });
                    table.ForeignKey(
                        name: "FK_workflow_events_workflows_workflow_key",
                        column: x => x.workflow_key,
                        principalTable: "workflows",
                        principalColumn: "row_key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "workflow_gestures",
                columns: table => new
                {
                    workflow_key = table.Column<long>(type: "bigint", nullable: false),
                    revision = table.Column<long>(type: "bigint", nullable: false),
                    gesture = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    base_revision = table.Column<long>(type: "bigint", nullable: false),
                    label = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    made_by = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    made_at = table.Column<long>(type: "bigint", nullable: false),
                    operations = table.Column<byte[]>(type: "varbinary(max)", nullable: false),
                    snapshot = table.Column<byte[]>(type: "varbinary(max)", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_workflow_gestures", x => new { x.workflow_key, x.revision });
                    table.ForeignKey(
                        name: "FK_workflow_gestures_workflows_workflow_key",
                        column: x => x.workflow_key,
                        principalTable: "workflows",
                        principalColumn: "row_key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "workflow_hooks",
                columns: table => new
                {
                    method = table.Column<string>(type: "varchar(10)", unicode: false, maxLength: 10, nullable: false),
                    slug = table.Column<string>(type: "varchar(100)", unicode: false, maxLength: 100, nullable: false),
                    workflow_key = table.Column<long>(type: "bigint", nullable: false),
                    node = table.Column<string>(type: "varchar(50)", unicode: false, maxLength: 50, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_workflow_hooks", x => new { x.slug, x.method });
                    table.ForeignKey(
                        name: "FK_workflow_hooks_workflows_workflow_key",
                        column: x => x.workflow_key,
                        principalTable: "workflows",
                        principalColumn: "row_key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "workflow_versions",
                columns: table => new
                {
                    workflow_key = table.Column<long>(type: "bigint", nullable: false),
                    version = table.Column<int>(type: "int", nullable: false),
                    definition = table.Column<byte[]>(type: "varbinary(max)", nullable: false),
                    note = table.Column<string>(type: "nvarchar(500)", maxLength: 500, nullable: false),
                    published_at = table.Column<long>(type: "bigint", nullable: false),
                    published_by = table.Column<Guid>(type: "uniqueidentifier", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_workflow_versions", x => new { x.workflow_key, x.version });
                    table.ForeignKey(
                        name: "FK_workflow_versions_workflows_workflow_key",
                        column: x => x.workflow_key,
                        principalTable: "workflows",
                        principalColumn: "row_key",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "refresh_tokens",
                columns: table => new
                {
                    row_key = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    hash = table.Column<string>(type: "char(64)", unicode: false, fixedLength: true, maxLength: 64, nullable: false),
                    sign_in_session_id = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    created_at = table.Column<long>(type: "bigint", nullable: false),
                    expires_at = table.Column<long>(type: "bigint", nullable: false),
                    used_at = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_refresh_tokens", x => x.row_key);
                    table.ForeignKey(
                        name: "FK_refresh_tokens_signin_sessions_sign_in_session_id",
                        column: x => x.sign_in_session_id,
                        principalTable: "signin_sessions",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.InsertData(
                table: "key_blocks",
                columns: new[] { "name", "next_key" },
                values: new object[,]
                {
                    { "runs", 1L },
                    { "sessions", 1L }
                });

            migrationBuilder.InsertData(
                table: "projects",
                columns: new[] { "row_key", "created_at", "id", "name", "normalized_name", "owner_id" },
                values: new object[] { 1L, 0L, new Guid("01900000-0000-7000-8000-000000000001"), "Default", "DEFAULT", new Guid("00000000-0000-0000-0000-000000000000") });

            migrationBuilder.InsertData(
                table: "task_gate",
                columns: new[] { "id", "admissions" },
                values: new object[] { 1, 0L });

            migrationBuilder.CreateIndex(
                name: "IX_action_blocks_id",
                table: "action_blocks",
                column: "id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_action_blocks_project_id_normalized_name",
                table: "action_blocks",
                columns: new[] { "project_id", "normalized_name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_agents_id",
                table: "agents",
                column: "id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_agents_normalized_name",
                table: "agents",
                column: "normalized_name",
                unique: true,
                filter: "[normalized_name] IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_agents_project_id",
                table: "agents",
                column: "project_id");

            migrationBuilder.CreateIndex(
                name: "IX_agents_slug",
                table: "agents",
                column: "slug",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_artifacts_id",
                table: "artifacts",
                column: "id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_attachments_blob_hash",
                table: "attachments",
                column: "blob_hash");

            migrationBuilder.CreateIndex(
                name: "IX_attachments_created_at",
                table: "attachments",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "IX_attachments_id",
                table: "attachments",
                column: "id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_attachments_project_id",
                table: "attachments",
                column: "project_id");

            migrationBuilder.CreateIndex(
                name: "IX_idempotency_keys_created_at",
                table: "idempotency_keys",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "IX_projects_id",
                table: "projects",
                column: "id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_projects_normalized_name",
                table: "projects",
                column: "normalized_name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_providers_project_key",
                table: "providers",
                column: "project_key");

            migrationBuilder.CreateIndex(
                name: "IX_refresh_tokens_hash",
                table: "refresh_tokens",
                column: "hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_refresh_tokens_sign_in_session_id",
                table: "refresh_tokens",
                column: "sign_in_session_id");

            migrationBuilder.CreateIndex(
                name: "IX_role_claims_role_id",
                table: "role_claims",
                column: "role_id");

            migrationBuilder.CreateIndex(
                name: "RoleNameIndex",
                table: "roles",
                column: "normalized_name",
                unique: true,
                filter: "[normalized_name] IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_run_hours_owner_id_hour",
                table: "run_hours",
                columns: new[] { "owner_id", "hour" });

            migrationBuilder.CreateIndex(
                name: "IX_run_letters_run_id",
                table: "run_letters",
                column: "run_id");

            migrationBuilder.CreateIndex(
                name: "IX_run_waits_approval_id",
                table: "run_waits",
                column: "approval_id");

            migrationBuilder.CreateIndex(
                name: "IX_run_waits_due_at",
                table: "run_waits",
                column: "due_at");

            migrationBuilder.CreateIndex(
                name: "IX_run_waits_ended_at_created_at",
                table: "run_waits",
                columns: new[] { "ended_at", "created_at" });

            migrationBuilder.CreateIndex(
                name: "IX_run_waits_key_hash",
                table: "run_waits",
                column: "key_hash");

            migrationBuilder.CreateIndex(
                name: "IX_run_waits_owner_id_ended_at_created_at",
                table: "run_waits",
                columns: new[] { "owner_id", "ended_at", "created_at" });

            migrationBuilder.CreateIndex(
                name: "IX_run_waits_run_id",
                table: "run_waits",
                column: "run_id");

            migrationBuilder.CreateIndex(
                name: "IX_runs_ended_at",
                table: "runs",
                column: "ended_at");

            migrationBuilder.CreateIndex(
                name: "IX_runs_id",
                table: "runs",
                column: "id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_runs_owner_id_ended_at",
                table: "runs",
                columns: new[] { "owner_id", "ended_at" });

            migrationBuilder.CreateIndex(
                name: "IX_runs_session_key",
                table: "runs",
                column: "session_key");

            migrationBuilder.CreateIndex(
                name: "IX_runs_status_node",
                table: "runs",
                columns: new[] { "status", "node" });

            migrationBuilder.CreateIndex(
                name: "IX_runs_workflow_id_row_key",
                table: "runs",
                columns: new[] { "workflow_id", "row_key" });

            migrationBuilder.CreateIndex(
                name: "IX_session_blobs_hash",
                table: "session_blobs",
                column: "hash");

            migrationBuilder.CreateIndex(
                name: "IX_sessions_agent_id",
                table: "sessions",
                column: "agent_id");

            migrationBuilder.CreateIndex(
                name: "IX_sessions_id",
                table: "sessions",
                column: "id",
                unique: true,
                filter: "[id] IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_sessions_owner_id_updated_at_row_key",
                table: "sessions",
                columns: new[] { "owner_id", "updated_at", "row_key" });

            migrationBuilder.CreateIndex(
                name: "IX_sessions_project_id",
                table: "sessions",
                column: "project_id");

            migrationBuilder.CreateIndex(
                name: "IX_sessions_updated_at_row_key",
                table: "sessions",
                columns: new[] { "updated_at", "row_key" });

            migrationBuilder.CreateIndex(
                name: "IX_sessions_workflow_id",
                table: "sessions",
                column: "workflow_id");

            migrationBuilder.CreateIndex(
                name: "IX_signin_sessions_expires_at",
                table: "signin_sessions",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "IX_signin_sessions_user_id_created_at",
                table: "signin_sessions",
                columns: new[] { "user_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "IX_task_attempts_run_id",
                table: "task_attempts",
                column: "run_id");

            migrationBuilder.CreateIndex(
                name: "IX_tasks_id",
                table: "tasks",
                column: "id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_tasks_owner_id_row_key",
                table: "tasks",
                columns: new[] { "owner_id", "row_key" });

            migrationBuilder.CreateIndex(
                name: "IX_tasks_project_id",
                table: "tasks",
                column: "project_id");

            migrationBuilder.CreateIndex(
                name: "IX_tasks_request_key",
                table: "tasks",
                column: "request_key",
                unique: true,
                filter: "[request_key] IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_tasks_run_id",
                table: "tasks",
                column: "run_id");

            migrationBuilder.CreateIndex(
                name: "IX_tasks_status_due_at",
                table: "tasks",
                columns: new[] { "status", "due_at" });

            migrationBuilder.CreateIndex(
                name: "IX_tasks_status_rank_row_key",
                table: "tasks",
                columns: new[] { "status", "rank", "row_key" });

            migrationBuilder.CreateIndex(
                name: "IX_tasks_worker_id",
                table: "tasks",
                column: "worker_id");

            migrationBuilder.CreateIndex(
                name: "IX_user_claims_user_id",
                table: "user_claims",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "IX_user_logins_user_id",
                table: "user_logins",
                column: "user_id");

            migrationBuilder.CreateIndex(
                name: "IX_user_roles_role_id",
                table: "user_roles",
                column: "role_id");

            migrationBuilder.CreateIndex(
                name: "UserNameIndex",
                table: "users",
                column: "normalized_user_name",
                unique: true,
                filter: "[normalized_user_name] IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ux_users_normalized_email",
                table: "users",
                column: "normalized_email",
                unique: true,
                filter: "[normalized_email] IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_workflow_ends_ended_at",
                table: "workflow_ends",
                column: "ended_at");

            migrationBuilder.CreateIndex(
                name: "IX_workflow_events_source_id",
                table: "workflow_events",
                column: "source_id");

            migrationBuilder.CreateIndex(
                name: "IX_workflow_gestures_workflow_key_gesture",
                table: "workflow_gestures",
                columns: new[] { "workflow_key", "gesture" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_workflow_hooks_workflow_key",
                table: "workflow_hooks",
                column: "workflow_key");

            migrationBuilder.CreateIndex(
                name: "IX_workflows_id",
                table: "workflows",
                column: "id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_workflows_owner_id_normalized_name",
                table: "workflows",
                columns: new[] { "owner_id", "normalized_name" },
                unique: true,
                filter: "[normalized_name] IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_workflows_project_id",
                table: "workflows",
                column: "project_id");

            migrationBuilder.CreateIndex(
                name: "IX_workflows_slug",
                table: "workflows",
                column: "slug",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_workflows_updated_at_row_key",
                table: "workflows",
                columns: new[] { "updated_at", "row_key" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "action_blocks");

            migrationBuilder.DropTable(
                name: "agent_versions");

            migrationBuilder.DropTable(
                name: "artifacts");

            migrationBuilder.DropTable(
                name: "attachments");

            migrationBuilder.DropTable(
                name: "data_protection_keys");

            migrationBuilder.DropTable(
                name: "idempotency_keys");

            migrationBuilder.DropTable(
                name: "instance");

            migrationBuilder.DropTable(
                name: "key_blocks");

            migrationBuilder.DropTable(
                name: "lab_nodes");

            migrationBuilder.DropTable(
                name: "providers");

            migrationBuilder.DropTable(
                name: "refresh_tokens");

            migrationBuilder.DropTable(
                name: "role_claims");

            migrationBuilder.DropTable(
                name: "run_hours");

            migrationBuilder.DropTable(
                name: "run_letters");

            migrationBuilder.DropTable(
                name: "run_waits");

            migrationBuilder.DropTable(
                name: "runs");

            migrationBuilder.DropTable(
                name: "session_blobs");

            migrationBuilder.DropTable(
                name: "session_events");

            migrationBuilder.DropTable(
                name: "task_attempts");

            migrationBuilder.DropTable(
                name: "task_gate");

            migrationBuilder.DropTable(
                name: "user_claims");

            migrationBuilder.DropTable(
                name: "user_logins");

            migrationBuilder.DropTable(
                name: "user_roles");

            migrationBuilder.DropTable(
                name: "user_tokens");

            migrationBuilder.DropTable(
                name: "workflow_drafts");

            migrationBuilder.DropTable(
                name: "workflow_ends");

            migrationBuilder.DropTable(
                name: "workflow_events");

            migrationBuilder.DropTable(
                name: "workflow_gestures");

            migrationBuilder.DropTable(
                name: "workflow_hooks");

            migrationBuilder.DropTable(
                name: "workflow_versions");

            migrationBuilder.DropTable(
                name: "agents");

            migrationBuilder.DropTable(
                name: "blobs");

            migrationBuilder.DropTable(
                name: "signin_sessions");

            migrationBuilder.DropTable(
                name: "sessions");

            migrationBuilder.DropTable(
                name: "tasks");

            migrationBuilder.DropTable(
                name: "roles");

            migrationBuilder.DropTable(
                name: "workflows");

            migrationBuilder.DropTable(
                name: "users");

            migrationBuilder.DropTable(
                name: "projects");
        }
    }
}
