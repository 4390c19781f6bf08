package io.watershed.glue;

import io.watershed.aws.AwsConnection;
import io.watershed.aws.AwsFailure;
import io.watershed.aws.AwsPlace;
import io.watershed.core.config.AwsAccess;
import io.watershed.core.config.AwsClientSettings;
import io.watershed.core.error.WatershedException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import software.amazon.awssdk.services.glue.GlueAsyncClient;
import software.amazon.awssdk.services.glue.model.AlreadyExistsException;
import software.amazon.awssdk.services.glue.model.ConcurrentModificationException;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.Table;
import software.amazon.awssdk.services.glue.model.TableInput;
import software.amazon.awssdk.services.glue.model.TableOptimizer;
import software.amazon.awssdk.services.glue.model.TableOptimizerConfiguration;

/** What is asked of Glue: one request per method, no retries. Thread-safe. */
final class GlueApi implements AutoCloseable {
  private final AwsConnection aws;
  private final GlueAsyncClient glue;
  private final AwsPlace place;

  private GlueApi(AwsConnection aws, GlueAsyncClient glue) {
    this.aws = aws;
    this.glue = glue;
    this.place = aws.place("Glue");
  }

  /**
   * Opens a connection; makes no request.
   *
   * @throws WatershedException {@code config} without a region or profile
   */
  static GlueApi open(AwsAccess access) {
    AwsConnection aws = AwsConnection.open(access, AwsClientSettings.DEFAULTS);
    return new GlueApi(aws, aws.configure(GlueAsyncClient.builder()).build());
  }

  Optional<Table> find(String database, String table) {
    return ask(() -> glue.getTable(r -> r.databaseName(database).name(table)))
        .map(answer -> answer.table());
  }

  /** Does nothing if it is there. */
  void createDatabase(String database) {
    try {
      glue.createDatabase(r -> r.databaseInput(d -> d.name(database))).join();
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof AlreadyExistsException)) {
        throw error(e);
      }
    }
  }

  /** What became of a change. */
  enum Change {
    DONE,
    /** Somebody else was faster: look again. */
    OVERTAKEN,
    /** The database is missing. */
    NO_DATABASE
  }

  Change create(String database, TableInput table) {
    return change(() -> glue.createTable(r -> r.databaseName(database).tableInput(table)));
  }

  /**
   * Replaces what the table says, if it is still as it was when it was read.
   *
   * @param versionId Glue's count of the table's versions; none for emulators without one
   */
  Change update(String database, TableInput table, Optional<String> versionId) {
    // Without an archive of each version: Glue keeps a bounded number, and the reservoir has all.
    return change(
        () ->
            glue.updateTable(
                r ->
                    r.databaseName(database)
                        .tableInput(table)
                        .versionId(versionId.orElse(null))
                        .skipArchive(true)));
  }

  private Change change(Supplier<? extends CompletableFuture<?>> call) {
    try {
      call.get().join();
      return Change.DONE;
    } catch (CompletionException e) {
      if (e.getCause() instanceof AlreadyExistsException
          || e.getCause() instanceof ConcurrentModificationException) {
        return Change.OVERTAKEN;
      }
      if (e.getCause() instanceof EntityNotFoundException) {
        return Change.NO_DATABASE;
      }
      throw error(e);
    }
  }

  Optimizer optimizer(Table table, String type) {
    Optional<TableOptimizer> found =
        ask(() ->
                glue.getTableOptimizer(
                    r ->
                        r.catalogId(table.catalogId())
                            .databaseName(table.databaseName())
                            .tableName(table.name())
                            .type(type)))
            .flatMap(answer -> Optional.ofNullable(answer.tableOptimizer()));
    return new Optimizer(
        type,
        found.isPresent(),
        found
            .flatMap(optimizer -> Optional.ofNullable(optimizer.configuration()))
            .map(configuration -> Boolean.TRUE.equals(configuration.enabled()))
            .orElse(false));
  }

  /** Makes the table say that it does not run, whatever the catalog as a whole says. */
  void disable(Table table, Optimizer optimizer) {
    TableOptimizerConfiguration off = TableOptimizerConfiguration.builder().enabled(false).build();
    try {
      if (optimizer.isSet()) {
        glue.updateTableOptimizer(
                r ->
                    r.catalogId(table.catalogId())
                        .databaseName(table.databaseName())
                        .tableName(table.name())
                        .type(optimizer.type())
                        .tableOptimizerConfiguration(off))
            .join();
      } else {
        glue.createTableOptimizer(
                r ->
                    r.catalogId(table.catalogId())
                        .databaseName(table.databaseName())
                        .tableName(table.name())
                        .type(optimizer.type())
                        .tableOptimizerConfiguration(off))
            .join();
      }
    } catch (CompletionException e) {
      throw error(e);
    }
  }

  private <T> Optional<T> ask(Supplier<CompletableFuture<T>> call) {
    try {
      return Optional.of(call.get().join());
    } catch (CompletionException e) {
      if (e.getCause() instanceof EntityNotFoundException) {
        return Optional.empty();
      }
      throw error(e);
    }
  }

  private WatershedException error(CompletionException e) {
    return AwsFailure.of(e, place).toError();
  }

  @Override
  public void close() {
    glue.close();
    aws.close();
  }
}
