package io.watershed.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.LoggerFactory;

/**
 * Log lines go to standard error: time, level, sentence. Our own from INFO in commands that run for
 * long, from WARN in those that answer; libraries only when something is broken. Found by logback
 * as a service, which is quicker than an XML file.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
  private static final String OURS = "io.watershed";
  private static final String NETTY_REJECTED =
      "io.netty.util.concurrent.DefaultPromise.rejectedExecution";
  private static final String CONSOLE = "console";

  @Override
  public ExecutionStatus configure(LoggerContext logging) {
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(logging);
    appender.setName(CONSOLE);
    appender.setTarget("System.err");
    appender.setEncoder(encoder(logging, LogFormat.TEXT));
    appender.start();
    Logger root = logging.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.ERROR);
    root.addAppender(appender);
    logging.getLogger(OURS).setLevel(Level.WARN);
    // A connection that ends after its client did is no news for anybody.
    logging.getLogger(NETTY_REJECTED).setLevel(Level.OFF);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** For a command that runs for long: our INFO lines tell its story. */
  static void tellTheStory(boolean verbose) {
    level(verbose ? Level.DEBUG : Level.INFO);
  }

  /** For a command whose output is drawn: nothing but errors. */
  static void quiet() {
    level(Level.ERROR);
  }

  /** For a command that makes things fail on purpose: nothing at all of ours. */
  static void silent() {
    level(Level.OFF);
  }

  /** Prints every line as this from now on. */
  static void format(LogFormat format) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logging) {
      Logger root = logging.getLogger(Logger.ROOT_LOGGER_NAME);
      if (root.getAppender(CONSOLE) instanceof ConsoleAppender<ILoggingEvent> appender) {
        appender.setEncoder(encoder(logging, format));
      }
    }
  }

  private static Encoder<ILoggingEvent> encoder(LoggerContext logging, LogFormat format) {
    Encoder<ILoggingEvent> encoder = format == LogFormat.JSON ? new LogLine() : text();
    encoder.setContext(logging);
    encoder.start();
    return encoder;
  }

  private static PatternLayoutEncoder text() {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %-5level %msg%n%nopex");
    return encoder;
  }

  private static void level(Level level) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext logging) {
      logging.getLogger(OURS).setLevel(level);
    }
  }
}
