// Command terraform-provider-bitbucket serves the provider to Terraform.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"runtime/debug"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/provider"
)

// address is where the provider lives in the registry.
const address = "registry.terraform.io/bitbucket-access/bitbucket"

// version is set by the release build.
var version = "dev"

func main() {
	attach := flag.Bool("debug", false, "wait for a debugger: print how to attach Terraform to this process, and serve until it ends")
	showVersion := flag.Bool("version", false, "print the version and end")
	flag.Parse()
	if *showVersion {
		fmt.Println("terraform-provider-bitbucket", version)
		return
	}
	quietSDK()
	forbidProtocolData()
	relaxCollector()
	var options []tf6server.ServeOpt
	if *attach {
		options = append(options, tf6server.WithManagedDebug())
	}
	if err := tf6server.Serve(address, provider.Server(version, provider.Options{}), options...); err != nil {
		log.Fatal(err)
	}
}

// quietSDK switches the SDK's own trace logging off unless somebody asks for a log: the SDK formats every line for Terraform to
// drop, which is a third of the CPU time of a large plan (terraform-plugin-framework#1269).
func quietSDK() {
	for _, variable := range os.Environ() {
		if strings.HasPrefix(variable, "TF_LOG") {
			return
		}
	}
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_SDK_PROTO"} {
		_ = os.Setenv(name, "off") // it fails for invalid names only
	}
}

// forbidProtocolData keeps the SDK from writing what it is asked into files: the configuration of the provider is in it, with its secrets.
func forbidProtocolData() { _ = os.Unsetenv("TF_LOG_SDK_PROTO_DATA_DIR") }

// relaxCollector lets garbage be collected less often, unless somebody has set how often: the provider lives for one command and holds
// little, so that it takes some tens of megabytes more and a fifth less of CPU time.
func relaxCollector() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
}
