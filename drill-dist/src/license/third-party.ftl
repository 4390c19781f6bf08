What this archive holds that others wrote: one line a jar, group:artifact:version and its licences as
its project states them. Made by the build, from the jars' own metadata. Where several are named, the
receiver may choose.

<#list dependencyMap as entry>
<#assign project = entry.getKey()/>
${project.groupId}:${project.artifactId}:${project.version} | <#list entry.getValue() as license>${license}<#sep> OR </#sep></#list>
</#list>
