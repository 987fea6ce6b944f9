#include "sqlite/factory.hpp"

#include <filesystem>

#include "infrastructure/clock.hpp"
#include "migrations.hpp"
#include "repository.hpp"
#include "store_files.hpp"

namespace rag {

std::unique_ptr<ConversationRepository> make_sqlite_repository(
    SqliteOptions options, Telemetry& telemetry
) {
    if (!options.clock) options.clock = system_time;
    return std::make_unique<sqlite::SqliteConversationRepository>(std::move(options), telemetry);
}

Result<SchemaVersions> migrate_sqlite_store(const SqliteOptions& options, Telemetry& telemetry) {
    try {
        const auto connection = sqlite::connection_options(options, sqlite::OpenMode::read_write);
        sqlite::prepare_files(connection.path);
        sqlite::Connection db(connection);
        SchemaVersions versions;
        versions.before = sqlite::schema_version(db);
        const Timestamp now = options.clock ? options.clock() : system_time();
        const sqlite::StoreLog log(telemetry);
        sqlite::OpeningWork work(log, options.shows_work);
        Result<void> done = sqlite::migrate(db, sqlite::migrations(), now, {.work = &work});
        if (!done) {
            return tl::unexpected(std::move(done.error()));
        }
        versions.after = sqlite::schema_version(db);
        return versions;
    } catch (const sqlite::SqliteError& failure) {
        return tl::unexpected(sqlite::to_error(failure));
    } catch (const std::filesystem::filesystem_error& failure) {
        return tl::unexpected(sqlite::to_error(failure));
    }
}

}  // namespace rag
