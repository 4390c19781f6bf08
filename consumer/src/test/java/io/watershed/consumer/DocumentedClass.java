package io.watershed.consumer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** An example from the documentation, compiled and loaded. */
record DocumentedClass(Class<?> type, URLClassLoader loader) implements AutoCloseable {
  /** Compiles the block of Java that declares the class. */
  static DocumentedClass compile(String page, String name, Path folder) throws Exception {
    Path source = folder.resolve(name + ".java");
    Files.writeString(source, block(page, "java", "public final class " + name));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    List<String> options =
        List.of("-d", folder.toString(), "-cp", System.getProperty("java.class.path"));
    var files = compiler.getStandardFileManager(null, null, UTF_8).getJavaFileObjects(source);
    boolean compiled = compiler.getTask(messages, null, null, options, null, files).call();
    assertThat(compiled).as(messages.toString()).isTrue();
    URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()});
    return new DocumentedClass(loader.loadClass(name), loader);
  }

  /** The block of a page that holds this text. */
  static String block(String page, String language, String holds) throws IOException {
    String text = Files.readString(Path.of("..", "docs", page));
    Matcher block = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(text);
    while (block.find()) {
      if (block.group(1).contains(holds)) {
        return block.group(1);
      }
    }
    throw new AssertionError(page + " has no such example: " + holds);
  }

  @Override
  public void close() throws IOException {
    loader.close();
  }
}
