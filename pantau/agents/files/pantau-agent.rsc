# Pantau's agent for RouterOS 7: each minute it tells the city what a hotspot's clients get.
# The wire format, and what to do when something is wrong: docs/agents.md.
# It counts clients and keeps nothing of them: no MAC address, no name, no address.
#
# `pantau agents install ID --kind rsc` fills in what stands between at signs; then paste all of it into a terminal of
# the router, or upload it and run /import pantau-agent.rsc. Doing so again replaces what was there.

# --- 1. The certificate that signs the server's: without it nothing is sent, for check-certificate=yes refuses.
:local caText "@PANTAU_CA@"
:if ([:len $caText] > 40) do={
    :do { /certificate remove [find where name="pantau-ca"] } on-error={}
    :do { /file remove [find where name="pantau-ca.pem"] } on-error={}
    /file add name="pantau-ca.pem" contents=$caText
    :delay 2s
    /certificate import file-name="pantau-ca.pem" name="pantau-ca" passphrase=""
    /file remove [find where name="pantau-ca.pem"]
}

# --- 2. The heartbeat. "read, write, test, policy" is what fetch, ping and global variables ask for.
/system scheduler remove [find where name~"^pantau-agent"]
/system script remove [find where name="pantau-agent"]
/system script add name="pantau-agent" dont-require-permissions=no policy=read,write,test,policy source={
    :local url "@PANTAU_URL@"
    :local hotspot "@PANTAU_HOTSPOT@"
    :local token "@PANTAU_TOKEN@"
    # The page that we know (http), what it says, and words of the ISP's suspension page.
    :local portalUrl "@PANTAU_PORTAL@"
    :local portalText "@PANTAU_PORTAL_TEXT@"
    :local isolir "@PANTAU_ISOLIR@"
    # Empty: the gateway of the default route, and the interface that leads to it.
    :local gateway ""
    :local wan ""
    :local internet "1.1.1.1"

    :global pantauBoot
    :global pantauSeq
    :global pantauLate
    :global pantauBusy
    :global pantauTold

    # Seconds since the start: RouterOS writes them as 1w2d03:04:05, or as 1w2d3h4m5s. The clock is not asked.
    :local seconds do={
        :local text [:tostr [/system resource get uptime]]
        :local total 0
        :foreach unit in={"w=604800"; "d=86400"; "h=3600"; "m=60"; "s=1"} do={
            :local at [:find $text [:pick $unit 0 1]]
            :if ([:typeof $at] = "num") do={
                :set total ($total + [:tonum [:pick $unit 2 [:len $unit]]] * [:tonum [:pick $text 0 $at]])
                :set text [:pick $text ($at + 1) [:len $text]]
            }
        }
        # Without the leading zero: 08 and 09 are no octal numbers.
        :local part do={
            :local digits $1
            :if ([:pick $digits 0 1] = "0") do={ :set digits [:pick $digits 1 2] }
            :return [:tonum $digits]
        }
        :if ([:typeof [:find $text ":"]] = "num") do={
            :set total ($total + 3600 * [$part [:pick $text 0 2]])
            :set total ($total + 60 * [$part [:pick $text 3 5]])
            :set total ($total + [$part [:pick $text 6 8]])
        }
        :return $total
    }

    # A time such as 00:00:00.012345 (or 12ms345us) as a JSON number of seconds; nothing where it is another.
    :local rttNumber do={
        :local text [:tostr $1]
        :local dot [:find $text "."]
        :if ([:typeof $dot] = "num" and [:find $text "00:00:0"] = 0) do={
            :return ([:pick $text 7 8] . [:pick $text $dot [:len $text]])
        }
        :local milli [:find $text "ms"]
        :if ([:typeof $milli] = "num" and $milli < 4) do={
            :local thousandths [:pick ("000" . [:pick $text 0 $milli]) $milli ($milli + 3)]
            :local micro "000"
            :local end [:find $text "us"]
            :if ([:typeof $end] = "num") do={
                :local digits [:pick $text ($milli + 2) $end]
                :set micro [:pick ("000" . $digits) [:len $digits] ([:len $digits] + 3)]
            }
            :return ("0." . $thousandths . $micro)
        }
        :return ""
    }

    # One heartbeat at a time: where the last still waits for the server, this minute is left out.
    :local now [$seconds]
    :if ([:typeof $pantauBusy] = "num" and ($now - $pantauBusy) < 150 and $now >= $pantauBusy) do={ :error "busy" }
    :set pantauBusy $now

    # boot: random at the start, which clears global variables; seq rises.
    :if ([:typeof $pantauBoot] != "str") do={
        :set pantauBoot [:rndstr length=32 from="0123456789abcdef"]
        :set pantauSeq 0
        :set pantauLate [:toarray ""]
    }
    :set pantauSeq ($pantauSeq + 1)

    :local fields ("\"boot\":\"" . $pantauBoot . "\",\"seq\":" . $pantauSeq . ",\"uptime\":" . $now)

    # Clients: who is logged in at the hotspot; where there is none, leases that are bound.
    :local clients ""
    :do {
        :if ([:len [/ip hotspot find where disabled=no]] > 0) do={
            :set clients [:len [/ip hotspot active find]]
        } else={
            :set clients [:len [/ip dhcp-server lease find where status="bound"]]
        }
    } on-error={}
    :if ([:typeof $clients] = "num") do={ :set fields ($fields . ",\"clients\":" . $clients) }

    # The default route tells gateway and interface, as in 10.0.0.1%ether1; of a dialled line the interface alone.
    :do {
        :local route [/ip route find where dst-address="0.0.0.0/0" active]
        :if ([:len $route] > 0) do={
            :local via [:tostr [/ip route get [:pick $route 0] immediate-gw]]
            :local percent [:find $via "%"]
            :if ([:typeof $percent] = "num") do={
                :if ($gateway = "") do={ :set gateway [:pick $via 0 $percent] }
                :if ($wan = "") do={ :set wan [:pick $via ($percent + 1) [:len $via]] }
            } else={
                :if ($wan = "") do={ :set wan $via }
            }
        }
    } on-error={}
    :do {
        :local line [/interface find where name=$wan]
        :if ([:len $line] = 1) do={
            :local received [/interface get $line rx-byte]
            :local transmitted [/interface get $line tx-byte]
            :set fields ($fields . ",\"rx_bytes\":" . $received . ",\"tx_bytes\":" . $transmitted)
        }
    } on-error={}

    # The page that we know. fetch fails for anything but 200 and names the status; it follows no redirect here.
    :if ([:len $portalUrl] > 0 and [:pick $portalUrl 0 1] != "@") do={
        :local portal "fail"
        :do {
            :local page [/tool fetch url=$portalUrl output=user as-value http-max-redirect-count=0]
            :local text ($page->"data")
            :if ([:typeof [:find $text $portalText]] = "num") do={
                :set portal "ok"
            } else={
                :set portal "redirect"
                :if ($text ~ $isolir) do={ :set portal "isolir" }
            }
        } on-error={}
        # Where it would lead us elsewhere, it is followed once, to see whether that is the suspension page.
        :if ($portal = "fail") do={
            :do {
                :local page [/tool fetch url=$portalUrl output=user as-value http-max-redirect-count=3]
                :set portal "redirect"
                :if (($page->"data") ~ $isolir) do={ :set portal "isolir" }
            } on-error={}
        }
        :set fields ($fields . ",\"portal\":\"" . $portal . "\"")
    }

    # DNS: the server's own name, or that of the page.
    :do {
        :local named $url
        :if ([:len $portalUrl] > 0 and [:pick $portalUrl 0 1] != "@") do={ :set named $portalUrl }
        :local name [:pick $named ([:find $named "://"] + 3) [:len $named]]
        :if ([:typeof [:find $name "/"]] = "num") do={ :set name [:pick $name 0 [:find $name "/"]] }
        :if ([:typeof [:find $name ":"]] = "num") do={ :set name [:pick $name 0 [:find $name ":"]] }
        :if ([:typeof [:toip $name]] != "ip") do={
            :local dns "fail"
            :do { :resolve $name; :set dns "ok" } on-error={}
            :set fields ($fields . ",\"dns\":\"" . $dns . "\"")
        }
    } on-error={}

    # Gateway and internet: the mean of the answers, and how many of five were lost.
    :local pings do={
        :local sent 0
        :local back 0
        :local total 0s
        :while ($sent < $2) do={
            :set sent ($sent + 1)
            :do {
                :local one [/ping address=$1 count=1 as-value]
                :if ([:typeof ($one->"time")] = "time") do={
                    :set back ($back + 1)
                    :set total ($total + ($one->"time"))
                }
            } on-error={}
        }
        :local mean ""
        :if ($back > 0) do={ :set mean ($total / $back) }
        :return {"mean"=$mean; "lost"=($sent - $back)}
    }
    :if ([:len $gateway] > 0) do={
        :local answer [$pings $gateway 3]
        :local rtt [$rttNumber ($answer->"mean")]
        :if ([:len $rtt] > 0) do={ :set fields ($fields . ",\"gateway_rtt\":" . $rtt) }
    }
    :if ([:len $internet] > 0) do={
        :local answer [$pings $internet 5]
        :local rtt [$rttNumber ($answer->"mean")]
        :if ([:len $rtt] > 0) do={ :set fields ($fields . ",\"internet_rtt\":" . $rtt) }
        :local lost ($answer->"lost")
        :if ($lost = 5) do={
            :set fields ($fields . ",\"loss\":1")
        } else={
            :set fields ($fields . ",\"loss\":0." . ($lost * 2))
        }
    }
    :set fields ($fields . ",\"version\":\"rsc-1.0\"")

    # Minutes that could not be sent go along, the eldest first, each with its age by uptime.
    :local late ""
    :foreach minute in=$pantauLate do={
        :local bar [:find $minute "|"]
        :local age ($now - [:tonum [:pick $minute 0 $bar]])
        :if ([:len $late] > 0) do={ :set late ($late . ",") }
        :set late ($late . "{\"age\":" . $age . "," . [:pick $minute ($bar + 1) [:len $minute]] . "}")
    }
    :local body ("{" . $fields . "}")
    :if ([:len $late] > 0) do={ :set body ("{" . $fields . ",\"late\":[" . $late . "]}") }

    :local headers ("Authorization: Bearer " . $token . ",Content-Type: application/json")
    :local address ($url . "/agent/v1/" . $hotspot)
    :do {
        /tool fetch url=$address mode=https http-method=post http-header-field=$headers http-data=$body \
            check-certificate=yes output=none
        :set pantauLate [:toarray ""]
        :if ($pantauTold = "failing") do={ :log info "pantau-agent: heartbeats are taken again" }
        :set pantauTold "well"
    } on-error={
        # An hour is kept, in memory: what is longer is told by the silence.
        :local kept [:toarray ""]
        :local skip ([:len $pantauLate] - 59)
        :foreach minute in=$pantauLate do={
            :if ($skip > 0) do={ :set skip ($skip - 1) } else={ :set kept ($kept , $minute) }
        }
        :set pantauLate ($kept , ($now . "|" . $fields))
        :if ($pantauTold != "failing") do={ :log warning "pantau-agent: the heartbeat was not taken; see docs/agents.md" }
        :set pantauTold "failing"
    }
    :set pantauBusy 0s
}

# --- 3. Each minute, and once a minute after the start.
/system scheduler add name="pantau-agent" interval=1m on-event="/system script run pantau-agent" \
    policy=read,write,test,policy start-time=startup
/system script run pantau-agent
