#include "infrastructure/config_table.hpp"

#include <array>

#include "config_member.hpp"
#include "domain/limits.hpp"

namespace rag {
namespace {

constexpr std::int64_t kSecondsMax = 86'400;
constexpr std::int64_t kBytesMax = std::int64_t{1} << 40;

constexpr std::string_view kPostgres = "PostgreSQL storage";
constexpr std::string_view kRemote = "remote embedding providers";
constexpr std::string_view kCache = "caching of embeddings";
constexpr std::string_view kAuth = "authentication";
constexpr std::string_view kTls = "TLS";
constexpr std::string_view kRates = "rate limits";
constexpr std::string_view kTraces = "trace export";

// clang-format off
constexpr std::array kKeys = {
    ConfigKey{.name = "HOST", .group = "server", .fallback = "127.0.0.1",
              .fills = member<&Config::server, &ServerConfig::host>,
              .description = "Address that `serve` listens on. Anything but loopback needs "
                             "ALLOW_INSECURE_BIND=true."},
    ConfigKey{.name = "PORT", .group = "server", .type = ConfigType::integer, .fallback = "8000",
              .max = 65'535,
              .fills = member<&Config::server, &ServerConfig::port>,
              .description = "Port that `serve` listens on; 0 takes a free one and logs it."},
    ConfigKey{.name = "DATA_DIR", .group = "server", .type = ConfigType::path,
              .note = "${XDG_DATA_HOME:-~/.local/share}/mcp-backend",
              .plain_where_store = true, .tell_unread = true,
              .fills = member<&Config::server, &ServerConfig::data_dir>,
              .description = "Folder of the store. Every process that names the same folder "
                             "shares one memory."},
    ConfigKey{.name = "LOG_LEVEL", .group = "server", .type = ConfigType::choice,
              .fallback = "INFO",
              .note = "INFO; commands other than `serve` and `mcp` tell only warnings on stderr",
              .choices = "DEBUG|INFO|WARNING|ERROR|CRITICAL", .also = "WARN=WARNING",
              .fills = fill_log_level,
              .description = "Lines below this level are not written."},
    ConfigKey{.name = "LOG_FILE", .group = "server", .type = ConfigType::path,
              .note = "stdout for `serve`, stderr for every other command",
              .fills = member<&Config::server, &ServerConfig::log_file>,
              .description = "File that log lines are appended to; SIGHUP opens it anew, for "
                             "logrotate."},
    ConfigKey{.name = "ENVIRONMENT", .group = "server", .fallback = "development",
              .fills = member<&Config::server, &ServerConfig::environment>,
              .description = "Name of this installation (development, staging, production, ...); "
                             "stands in the first log line and in build_info."},
    ConfigKey{.name = "APP_TITLE", .group = "server", .fallback = "mcp-backend",
              .fills = member<&Config::server, &ServerConfig::app_title>,
              .description = "Title of the API description and of its page."},
    ConfigKey{.name = "USE_NEW_ARCHITECTURE", .group = "server", .type = ConfigType::boolean,
              .fallback = "true",
              .fills = member<&Config::server, &ServerConfig::use_new_architecture>,
              .description = "false: the rollback pipeline, dense-only search with the legacy "
                             "answers."},
    ConfigKey{.name = "WORKERS", .group = "server", .type = ConfigType::integer, .fallback = "0",
              .max = 1'024,
              .fills = fill_workers,
              .description = "Threads for embedding, chunking and search; 0: one a core."},
    ConfigKey{.name = "DRAIN_DELAY", .group = "server", .type = ConfigType::seconds,
              .fallback = "2", .max = 60,
              .fills = member<&Config::server, &ServerConfig::drain_delay>,
              .description = "Seconds after SIGTERM during which calls are still served, so that "
                             "load balancers notice first."},
    ConfigKey{.name = "REQUEST_TIMEOUT", .group = "server", .type = ConfigType::seconds,
              .fallback = "30", .min = 1, .max = kSecondsMax,
              .fills = member<&Config::server, &ServerConfig::request_timeout>,
              .description = "Seconds that a request may take."},
    ConfigKey{.name = "INGEST_TIMEOUT", .group = "server", .type = ConfigType::seconds,
              .fallback = "300", .min = 1, .max = kSecondsMax,
              .fills = member<&Config::server, &ServerConfig::ingest_timeout>,
              .description = "Seconds that a write may take."},

    ConfigKey{.name = "DATABASE_URL", .group = "database", .type = ConfigType::url,
              .fallback = "sqlite:///", .refuse = Refuse::all_but_default, .needs = kPostgres,
              .tell_unread = true,
              .description = "Where conversations are stored; `sqlite:///` is the file in "
                             "DATA_DIR."},
    ConfigKey{.name = "DB_PASSWORD", .group = "database", .secret = true,
              .refuse = Refuse::any_value, .needs = kPostgres,
              .description = "Password of the database, if it is not in DATABASE_URL."},
    // URLs carry passwords.
    ConfigKey{.name = "DATABASE_READ_URLS", .group = "database", .type = ConfigType::list,
              .secret = true, .refuse = Refuse::any_value, .needs = kPostgres,
              .description = "Read replicas."},
    ConfigKey{.name = "DB_POOL_SIZE", .group = "database", .type = ConfigType::integer,
              .fallback = "5", .min = 1, .max = 256,
              .fills = member<&Config::database, &DatabaseConfig::pool_size>,
              .description = "Connections for reading that are kept open."},
    ConfigKey{.name = "DB_MAX_OVERFLOW", .group = "database", .type = ConfigType::integer,
              .fallback = "10", .max = 256, .refuse = Refuse::all_but_default, .needs = kPostgres,
              .description = "Connections opened beyond the pool under load."},
    ConfigKey{.name = "DB_POOL_TIMEOUT", .group = "database", .type = ConfigType::seconds,
              .fallback = "30", .max = kSecondsMax, .refuse = Refuse::all_but_default,
              .needs = kPostgres,
              .description = "Seconds to wait for a connection."},
    ConfigKey{.name = "DB_POOL_RECYCLE", .group = "database", .type = ConfigType::seconds,
              .fallback = "3600", .max = kSecondsMax * 30, .refuse = Refuse::all_but_default,
              .needs = kPostgres,
              .description = "Seconds after which a connection is replaced."},
    ConfigKey{.name = "DB_STATEMENT_TIMEOUT", .group = "database", .type = ConfigType::seconds,
              .max = kSecondsMax, .refuse = Refuse::any_value, .needs = kPostgres,
              .description = "Seconds that one statement may take."},

    ConfigKey{.name = "EMBEDDING_PROVIDER", .group = "embeddings", .type = ConfigType::choice,
              .fallback = "local", .choices = "local|openai", .refuse = Refuse::all_but_default,
              .needs = kRemote,
              .fills = member<&Config::embedding, &EmbeddingConfig::provider>,
              .description = "Who turns text into vectors; `local`: the model runs in this "
                             "process."},
    ConfigKey{.name = "EMBEDDING_MODEL", .group = "embeddings", .fallback = "all-MiniLM-L6-v2",
              .fills = member<&Config::embedding, &EmbeddingConfig::model>,
              .description = "Name of the model. Vectors of different models are never mixed."},
    ConfigKey{.name = "EMBEDDING_DIMENSION", .group = "embeddings", .type = ConfigType::integer,
              .note = "the model's", .min = 1, .max = 65'536,
              .fills = member<&Config::embedding, &EmbeddingConfig::dimension>,
              .description = "Checked against the model; the local one has 384."},
    ConfigKey{.name = "EMBEDDING_BATCH_SIZE", .group = "embeddings", .type = ConfigType::integer,
              .fallback = "10", .min = 1, .max = 2'048, .refuse = Refuse::all_but_default,
              .needs = kRemote,
              .description = "Texts a request to a remote provider; the local one packs across "
                             "requests."},
    ConfigKey{.name = "EMBEDDING_MODEL_PATH", .group = "embeddings", .type = ConfigType::path,
              .note = "`models/<EMBEDDING_MODEL>` beside the program or above it, or in its share/",
              .fills = member<&Config::embedding, &EmbeddingConfig::model_path>,
              .description = "Folder with config.json, model.safetensors and vocab.txt of a "
                             "model of the BERT family."},
    ConfigKey{.name = "OPENAI_API_KEY", .group = "embeddings", .secret = true,
              .refuse = Refuse::any_value, .needs = kRemote, .read_by_others = true,
              .description = "Key of the remote provider."},
    ConfigKey{.name = "OPENAI_BASE_URL", .group = "embeddings", .type = ConfigType::url,
              .refuse = Refuse::any_value, .needs = kRemote, .read_by_others = true,
              .description = "Address of an endpoint that speaks OpenAI's protocol."},
    ConfigKey{.name = "EMBEDDING_TIMEOUT", .group = "embeddings", .type = ConfigType::seconds,
              .min = 1, .max = kSecondsMax, .refuse = Refuse::any_value, .needs = kRemote,
              .description = "Seconds that a remote provider may take."},
    ConfigKey{.name = "EMBEDDING_MAX_RETRIES", .group = "embeddings", .type = ConfigType::integer,
              .max = 100, .refuse = Refuse::any_value, .needs = kRemote,
              .description = "How often a failed request to a remote provider is repeated."},

    ConfigKey{.name = "REDIS_URL", .group = "cache", .type = ConfigType::url, .secret = true,
              .refuse = Refuse::any_value, .needs = kCache,
              .description = "Redis server that keeps embeddings."},
    ConfigKey{.name = "ENABLE_EMBEDDING_CACHE", .group = "cache", .type = ConfigType::boolean,
              .fallback = "false", .refuse = Refuse::all_but_default, .needs = kCache,
              .description = "Keep embeddings of texts already seen."},
    ConfigKey{.name = "EMBEDDING_CACHE_TTL", .group = "cache", .type = ConfigType::seconds,
              .fallback = "86400", .max = kSecondsMax * 365, .refuse = Refuse::all_but_default,
              .needs = kCache,
              .description = "Seconds that a cached embedding lives."},
    ConfigKey{.name = "CACHE_MAX_SIZE", .group = "cache", .type = ConfigType::integer,
              .max = 1'000'000'000, .refuse = Refuse::any_value, .needs = kCache,
              .description = "Embeddings kept in the process."},

    ConfigKey{.name = "CHUNK_MAX_CHARS", .group = "chunking and search",
              .type = ConfigType::integer, .fallback = decimal<limits::kChunkCharactersMax>, .min = 100, .max = 100'000,
              .fills = member<&Config::chunking, &ChunkingLimits::characters_max>,
              .description = "Characters of a chunk, speaker included; what the model reads "
                             "bounds it too."},
    ConfigKey{.name = "CHUNK_OVERLAP_CHARS", .group = "chunking and search",
              .type = ConfigType::integer, .fallback = decimal<limits::kChunkOverlapCharacters>, .max = 10'000,
              .fills = member<&Config::chunking, &ChunkingLimits::overlap_characters>,
              .description = "Characters that the parts of a long message share; at most half of "
                             "CHUNK_MAX_CHARS."},
    ConfigKey{.name = "VECTOR_SEARCH_TOP_K", .group = "chunking and search",
              .type = ConfigType::integer, .fallback = decimal<limits::kTopKDefault>, .min = 1, .max = limits::kRowsMax,
              .fills = member<&Config::search, &SearchConfig::default_top_k>,
              .description = "Results of a search that does not say how many it wants."},
    ConfigKey{.name = "TEXT_LANGUAGE", .group = "chunking and search", .type = ConfigType::choice,
              .fallback = "auto",
              .choices = "auto|arabic|armenian|basque|catalan|danish|dutch|english|finnish|french|"
                         "german|greek|hindi|hungarian|indonesian|irish|italian|lithuanian|nepali|"
                         "norwegian|portuguese|romanian|russian|serbian|spanish|swedish|tamil|"
                         "turkish|yiddish",
              .fills = member<&Config::search, &SearchConfig::text_language>,
              .description = "How words are stemmed; `auto`: by script, English for Latin."},

    ConfigKey{.name = "AUTH_MODE", .group = "security", .type = ConfigType::choice,
              .fallback = "none", .choices = "none|api_key|oauth",
              .refuse = Refuse::all_but_default, .needs = kAuth,
              .description = "How callers show who they are."},
    ConfigKey{.name = "ALLOWED_ORIGINS", .group = "security", .type = ConfigType::list,
              .note = "loopback origins",
              .fills = member<&Config::security, &SecurityConfig::allowed_origins>,
              .description = "Web origins whose pages may call and read the answers, such as "
                             "https://chat.example.com or http://dev.lan:* (any port); `*` "
                             "allows all."},
    ConfigKey{.name = "ALLOWED_HOSTS", .group = "security", .type = ConfigType::list,
              .fallback = "localhost,127.0.0.1,[::1]",
              .fills = member<&Config::security, &SecurityConfig::allowed_hosts>,
              .description = "Names that callers may use for this server in the Host header, with any "
                             "port (`name` or `name:*`) or with one (`name:8000`); `*` allows all."},
    ConfigKey{.name = "ALLOW_INSECURE_BIND", .group = "security", .type = ConfigType::boolean,
              .fallback = "false",
              .description = "Listen on other than loopback addresses although AUTH_MODE is "
                             "none."},
    ConfigKey{.name = "RATE_LIMIT_PER_MINUTE", .group = "security", .type = ConfigType::integer,
              .fallback = "0", .max = 1'000'000, .refuse = Refuse::all_but_default, .needs = kRates,
              .description = "Requests a minute and caller; 0: no limit."},
    ConfigKey{.name = "RATE_LIMIT_BURST", .group = "security", .type = ConfigType::integer,
              .max = 1'000'000, .refuse = Refuse::any_value, .needs = kRates,
              .description = "Requests that a caller may send at once."},
    ConfigKey{.name = "TLS_CERT_FILE", .group = "security", .type = ConfigType::path,
              .refuse = Refuse::any_value, .needs = kTls,
              .description = "Certificate chain in PEM."},
    ConfigKey{.name = "TLS_KEY_FILE", .group = "security", .type = ConfigType::path,
              .refuse = Refuse::any_value, .needs = kTls,
              .description = "Private key in PEM."},

    ConfigKey{.name = "HEADER_TIMEOUT", .group = "limits", .type = ConfigType::seconds,
              .fallback = "10", .min = 1, .max = 300,
              .fills = member<&Config::security, &SecurityConfig::header_timeout>,
              .description = "Seconds within which a request's headers must be complete."},
    ConfigKey{.name = "MAX_CONNECTIONS", .group = "limits", .type = ConfigType::integer,
              .fallback = "1000", .min = 1, .max = 100'000,
              .fills = member<&Config::security, &SecurityConfig::connections_max>,
              .description = "Connections open at once."},
    ConfigKey{.name = "MAX_INFLIGHT_BYTES", .group = "limits", .type = ConfigType::integer,
              .fallback = "268435456", .min = 1, .max = kBytesMax,
              .fills = member<&Config::security, &SecurityConfig::inflight_bytes_max>,
              .description = "Bytes of request bodies held at once."},
    ConfigKey{.name = "MAX_BODY_BYTES", .group = "limits", .type = ConfigType::integer,
              .fallback = decimal<limits::kBodyBytesMax>, .min = 1'024, .max = kBytesMax,
              .fills = member<&Config::security, &SecurityConfig::body_bytes_max>,
              .description = "Bytes of a body, or of a line of a batch."},
    ConfigKey{.name = "MAX_HEADER_BYTES", .group = "limits", .type = ConfigType::integer,
              .fallback = decimal<limits::kHeaderBytesMax>, .min = 1'024, .max = 1'048'576,
              .fills = member<&Config::security, &SecurityConfig::header_bytes_max>,
              .description = "Bytes of a request's headers."},
    ConfigKey{.name = "MAX_MESSAGES", .group = "limits", .type = ConfigType::integer,
              .fallback = decimal<limits::kMessagesMax>, .min = 1, .max = limits::kMessagesRaisedMax,
              .fills = member<&Config::limits, &ConversationLimits::messages_max>,
              .description = "Messages of a conversation."},
    ConfigKey{.name = "MAX_MESSAGE_BYTES", .group = "limits", .type = ConfigType::integer,
              .fallback = decimal<limits::kMessageBytesMax>, .min = 1, .max = kBytesMax,
              .fills = member<&Config::limits, &ConversationLimits::message_bytes_max>,
              .description = "Bytes of a message."},
    ConfigKey{.name = "MAX_NAME_CHARS", .group = "limits", .type = ConfigType::integer,
              .fallback = decimal<limits::kNameCharactersMax>, .min = 1, .max = 100'000,
              .fills = member<&Config::limits, &ConversationLimits::name_characters_max>,
              .description = "Characters of a name, a title or an external_id."},
    ConfigKey{.name = "MAX_URL_CHARS", .group = "limits", .type = ConfigType::integer,
              .fallback = decimal<limits::kUrlCharactersMax>, .min = 1, .max = 100'000,
              .fills = member<&Config::limits, &ConversationLimits::url_characters_max>,
              .description = "Characters of a url."},

    ConfigKey{.name = "OTEL_EXPORTER_OTLP_ENDPOINT", .group = "telemetry", .type = ConfigType::url,
              .refuse = Refuse::any_value, .needs = kTraces,
              .description = "Where traces are sent."},
    ConfigKey{.name = "OTEL_EXPORTER_OTLP_HEADERS", .group = "telemetry", .secret = true,
              .refuse = Refuse::any_value, .needs = kTraces,
              .description = "Headers sent with traces."},
    ConfigKey{.name = "OTEL_SERVICE_NAME", .group = "telemetry", .refuse = Refuse::any_value,
              .needs = kTraces,
              .description = "Name of this service in traces."},
    ConfigKey{.name = "OTEL_TRACES_SAMPLER", .group = "telemetry", .refuse = Refuse::any_value,
              .needs = kTraces,
              .description = "Which traces are sent."},
    ConfigKey{.name = "OTEL_TRACES_SAMPLER_ARG", .group = "telemetry", .refuse = Refuse::any_value,
              .needs = kTraces,
              .description = "Argument of the sampler."},
};
// clang-format on

constexpr std::array kOrders = {
    ConfigOrder{"MAX_MESSAGE_BYTES", "MAX_BODY_BYTES"},
    ConfigOrder{"MAX_BODY_BYTES", "MAX_INFLIGHT_BYTES"},
};

}  // namespace

std::span<const ConfigKey> config_keys() { return kKeys; }
std::span<const ConfigOrder> config_orders() { return kOrders; }

}  // namespace rag
