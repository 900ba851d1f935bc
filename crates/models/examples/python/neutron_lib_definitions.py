"""The API definitions of neutron-lib: names, prefixes, collections and actions, as extensions read them."""

from neutron_lib.api.definitions import (
    address_group,
    address_scope,
    agent,
    auto_allocated_topology,
    availability_zone,
    bgp,
    bgp_4byte_asn,
    bgpvpn,
    bgpvpn_routes_control,
    bgpvpn_vni,
    dhcpagentscheduler,
    extraroute_atomic,
    fip_pf_description,
    fip_pf_port_range,
    firewall_v2,
    flavors,
    floating_ip_port_forwarding,
    floatingip_pools,
    flowclassifier,
    l3,
    l3_conntrack_helper,
    l3_ext_gw_multihoming,
    l3_ndp_proxy,
    local_ip,
    logging,
    metering,
    metering_source_and_destination_filters,
    network,
    network_ip_availability,
    network_segment_range,
    port,
    portbindings_extended,
    qos,
    qos_bw_limit_direction,
    qos_bw_minimum_ingress,
    qos_pps_minimum_rule,
    qos_pps_minimum_rule_alias,
    qos_pps_rule,
    qos_rule_type_details,
    qos_rule_type_filter,
    qos_rules_alias,
    rbac_bgpvpn,
    security_groups_default_statefulness,
    segment,
    servicetype,
    sfc,
    subnet,
    subnet_onboard,
    subnetpool,
    subnetpool_prefix_ops,
    taas,
    tap_mirror,
    tap_mirror_both_direction,
    trunk,
    vlan_filter,
    vpn,
    vpn_aes_ctr,
    vpn_endpoint_groups,
    vpn_flavors,
    vpn_no_sha1_3des,
)
from neutron_lib.db import standard_attr
from neutron_lib.plugins import constants, directory


def of_address_group():
    return address_group.ACTION_MAP, address_group.COLLECTION_NAME, address_group.RESOURCE_ATTRIBUTE_MAP, address_group.RESOURCE_NAME


def of_address_scope():
    return address_scope.COLLECTION_NAME, address_scope.RESOURCE_ATTRIBUTE_MAP, address_scope.RESOURCE_NAME


def of_agent():
    return agent.COLLECTION_NAME, agent.RESOURCE_ATTRIBUTE_MAP, agent.RESOURCE_NAME


def of_auto_allocated_topology():
    return auto_allocated_topology.COLLECTION_NAME, auto_allocated_topology.RESOURCE_ATTRIBUTE_MAP, auto_allocated_topology.RESOURCE_NAME


def of_availability_zone():
    return availability_zone.COLLECTION_NAME, availability_zone.RESOURCE_ATTRIBUTE_MAP, availability_zone.RESOURCE_NAME


def of_bgp():
    return bgp.ACTION_MAP, bgp.BGP_SPEAKER_RESOURCE_NAME, bgp.RESOURCE_ATTRIBUTE_MAP


def of_bgp_4byte_asn():
    return bgp_4byte_asn.RESOURCE_ATTRIBUTE_MAP


def of_bgpvpn():
    return bgpvpn.API_PREFIX, bgpvpn.COLLECTION_NAME, bgpvpn.RESOURCE_ATTRIBUTE_MAP, bgpvpn.RESOURCE_NAME, bgpvpn.SUB_RESOURCE_ATTRIBUTE_MAP


def of_bgpvpn_routes_control():
    return bgpvpn_routes_control.COLLECTION_NAME, bgpvpn_routes_control.PREFIX, bgpvpn_routes_control.PREFIX_TYPE, bgpvpn_routes_control.RESOURCE_ATTRIBUTE_MAP, bgpvpn_routes_control.RESOURCE_NAME, bgpvpn_routes_control.SUB_RESOURCE_ATTRIBUTE_MAP


def of_bgpvpn_vni():
    return bgpvpn_vni.RESOURCE_ATTRIBUTE_MAP


def of_dhcpagentscheduler():
    return dhcpagentscheduler.SUB_RESOURCE_ATTRIBUTE_MAP


def of_extraroute_atomic():
    return extraroute_atomic.ACTION_MAP, extraroute_atomic.RESOURCE_ATTRIBUTE_MAP


def of_fip_pf_description():
    return fip_pf_description.SUB_RESOURCE_ATTRIBUTE_MAP


def of_fip_pf_port_range():
    return fip_pf_port_range.SUB_RESOURCE_ATTRIBUTE_MAP


def of_firewall_v2():
    return firewall_v2.ACTION_MAP, firewall_v2.API_PREFIX, firewall_v2.RESOURCE_ATTRIBUTE_MAP


def of_flavors():
    return flavors.RESOURCE_ATTRIBUTE_MAP, flavors.SUB_RESOURCE_ATTRIBUTE_MAP


def of_floating_ip_port_forwarding():
    return floating_ip_port_forwarding.API_PREFIX, floating_ip_port_forwarding.COLLECTION_NAME, floating_ip_port_forwarding.PARENT_COLLECTION_NAME, floating_ip_port_forwarding.PARENT_RESOURCE_NAME, floating_ip_port_forwarding.RESOURCE_NAME, floating_ip_port_forwarding.SUB_RESOURCE_ATTRIBUTE_MAP


def of_floatingip_pools():
    return floatingip_pools.API_PREFIX, floatingip_pools.COLLECTION_NAME, floatingip_pools.RESOURCE_ATTRIBUTE_MAP


def of_flowclassifier():
    return flowclassifier.API_PREFIX, flowclassifier.COLLECTION_NAME, flowclassifier.RESOURCE_ATTRIBUTE_MAP, flowclassifier.RESOURCE_NAME


def of_l3():
    return l3.ACTION_MAP, l3.RESOURCE_ATTRIBUTE_MAP


def of_l3_conntrack_helper():
    return l3_conntrack_helper.API_PREFIX, l3_conntrack_helper.COLLECTION_NAME, l3_conntrack_helper.PARENT_COLLECTION_NAME, l3_conntrack_helper.PARENT_RESOURCE_NAME, l3_conntrack_helper.RESOURCE_NAME, l3_conntrack_helper.SUB_RESOURCE_ATTRIBUTE_MAP


def of_l3_ext_gw_multihoming():
    return l3_ext_gw_multihoming.ACTION_MAP, l3_ext_gw_multihoming.COLLECTION_NAME, l3_ext_gw_multihoming.RESOURCE_ATTRIBUTE_MAP, l3_ext_gw_multihoming.RESOURCE_NAME


def of_l3_ndp_proxy():
    return l3_ndp_proxy.COLLECTION_NAME, l3_ndp_proxy.RESOURCE_ATTRIBUTE_MAP, l3_ndp_proxy.RESOURCE_NAME


def of_local_ip():
    return local_ip.COLLECTION_NAME, local_ip.RESOURCE_ATTRIBUTE_MAP, local_ip.RESOURCE_NAME, local_ip.SUB_RESOURCE_ATTRIBUTE_MAP


def of_logging():
    return logging.API_PREFIX, logging.RESOURCE_ATTRIBUTE_MAP


def of_metering():
    return metering.RESOURCE_ATTRIBUTE_MAP


def of_metering_source_and_destination_filters():
    return metering_source_and_destination_filters.SUB_RESOURCE_ATTRIBUTE_MAP


def of_network():
    return network.COLLECTION_NAME, network.RESOURCE_ATTRIBUTE_MAP, network.RESOURCE_NAME


def of_network_ip_availability():
    return network_ip_availability.RESOURCE_ATTRIBUTE_MAP, network_ip_availability.RESOURCE_NAME, network_ip_availability.RESOURCE_PLURAL


def of_network_segment_range():
    return network_segment_range.COLLECTION_NAME, network_segment_range.RESOURCE_ATTRIBUTE_MAP, network_segment_range.RESOURCE_NAME


def of_port():
    return port.COLLECTION_NAME, port.COLLECTION_NAME_BULK, port.RESOURCE_ATTRIBUTE_MAP, port.RESOURCE_NAME


def of_portbindings_extended():
    return portbindings_extended.ACTION_MAP, portbindings_extended.COLLECTION_NAME, portbindings_extended.PARENT_COLLECTION_NAME, portbindings_extended.PARENT_RESOURCE_NAME, portbindings_extended.RESOURCE_NAME, portbindings_extended.SUB_RESOURCE_ATTRIBUTE_MAP


def of_qos():
    return qos.API_PREFIX, qos.RESOURCE_ATTRIBUTE_MAP, qos.SUB_RESOURCE_ATTRIBUTE_MAP


def of_qos_bw_limit_direction():
    return qos_bw_limit_direction.SUB_RESOURCE_ATTRIBUTE_MAP


def of_qos_bw_minimum_ingress():
    return qos_bw_minimum_ingress.SUB_RESOURCE_ATTRIBUTE_MAP


def of_qos_pps_minimum_rule():
    return qos_pps_minimum_rule.API_PREFIX, qos_pps_minimum_rule.COLLECTION_NAME, qos_pps_minimum_rule.RESOURCE_NAME, qos_pps_minimum_rule.SUB_RESOURCE_ATTRIBUTE_MAP


def of_qos_pps_minimum_rule_alias():
    return qos_pps_minimum_rule_alias.API_PREFIX, qos_pps_minimum_rule_alias.RESOURCE_ATTRIBUTE_MAP


def of_qos_rule_type_details():
    return qos_rule_type_details.RESOURCE_ATTRIBUTE_MAP


def of_qos_rule_type_filter():
    return qos_rule_type_filter.RESOURCE_ATTRIBUTE_MAP


def of_qos_rules_alias():
    return qos_rules_alias.API_PREFIX, qos_rules_alias.RESOURCE_ATTRIBUTE_MAP


def of_rbac_bgpvpn():
    return rbac_bgpvpn.API_PREFIX, rbac_bgpvpn.COLLECTION_NAME, rbac_bgpvpn.RESOURCE_ATTRIBUTE_MAP, rbac_bgpvpn.RESOURCE_NAME


def of_security_groups_default_statefulness():
    return security_groups_default_statefulness.COLLECTION_NAME, security_groups_default_statefulness.RESOURCE_ATTRIBUTE_MAP, security_groups_default_statefulness.RESOURCE_NAME


def of_segment():
    return segment.COLLECTION_NAME, segment.RESOURCE_ATTRIBUTE_MAP, segment.RESOURCE_NAME


def of_servicetype():
    return servicetype.COLLECTION_NAME, servicetype.RESOURCE_ATTRIBUTE_MAP, servicetype.RESOURCE_NAME


def of_sfc():
    return sfc.API_PREFIX, sfc.RESOURCE_ATTRIBUTE_MAP


def of_subnet():
    return subnet.COLLECTION_NAME, subnet.RESOURCE_ATTRIBUTE_MAP, subnet.RESOURCE_NAME


def of_subnet_onboard():
    return subnet_onboard.ACTION_MAP, subnet_onboard.RESOURCE_ATTRIBUTE_MAP


def of_subnetpool():
    return subnetpool.COLLECTION_NAME, subnetpool.RESOURCE_ATTRIBUTE_MAP, subnetpool.RESOURCE_NAME


def of_subnetpool_prefix_ops():
    return subnetpool_prefix_ops.ACTION_MAP


def of_taas():
    return taas.COLLECTION_NAME, taas.RESOURCE_ATTRIBUTE_MAP, taas.RESOURCE_NAME


def of_tap_mirror():
    return tap_mirror.COLLECTION_NAME, tap_mirror.RESOURCE_ATTRIBUTE_MAP, tap_mirror.RESOURCE_NAME


def of_tap_mirror_both_direction():
    return tap_mirror_both_direction.RESOURCE_ATTRIBUTE_MAP


def of_trunk():
    return trunk.ACTION_MAP, trunk.RESOURCE_ATTRIBUTE_MAP


def of_vlan_filter():
    return vlan_filter.API_PREFIX, vlan_filter.COLLECTION_NAME, vlan_filter.RESOURCE_ATTRIBUTE_MAP, vlan_filter.RESOURCE_NAME


def of_vpn():
    return vpn.API_PREFIX, vpn.RESOURCE_ATTRIBUTE_MAP


def of_vpn_aes_ctr():
    return vpn_aes_ctr.RESOURCE_ATTRIBUTE_MAP


def of_vpn_endpoint_groups():
    return vpn_endpoint_groups.API_PREFIX, vpn_endpoint_groups.RESOURCE_ATTRIBUTE_MAP


def of_vpn_flavors():
    return vpn_flavors.API_PREFIX, vpn_flavors.COLLECTION_NAME, vpn_flavors.RESOURCE_ATTRIBUTE_MAP, vpn_flavors.RESOURCE_NAME


def of_vpn_no_sha1_3des():
    return vpn_no_sha1_3des.RESOURCE_ATTRIBUTE_MAP


def of_plugins():
    plugin = directory.get_plugin(constants.CORE)
    return plugin, constants.L3, constants.METERING, constants.FLAVORS, constants.QOS, constants.LOG_API, constants.VPN, constants.FIREWALL_V2


def more_of_address_group():
    return address_group.ALIAS


def more_of_address_scope():
    return address_scope.ADDRESS_SCOPE, address_scope.ALIAS


def more_of_agent():
    return agent.ALIAS


def more_of_auto_allocated_topology():
    return auto_allocated_topology.ALIAS


def more_of_availability_zone():
    return availability_zone.ALIAS


def more_of_bgpvpn():
    return bgpvpn.ALIAS, bgpvpn.BGPVPN_RES, bgpvpn.NETWORK_ASSOCIATION, bgpvpn.NETWORK_ASSOCIATIONS, bgpvpn.ROUTER_ASSOCIATION, bgpvpn.ROUTER_ASSOCIATIONS


def more_of_bgpvpn_routes_control():
    return bgpvpn_routes_control.BGPVPN_TYPE, bgpvpn_routes_control.PORT_ASSOCIATION, bgpvpn_routes_control.PORT_ASSOCIATIONS


def more_of_dhcpagentscheduler():
    return dhcpagentscheduler.DHCP_AGENT, dhcpagentscheduler.DHCP_AGENTS, dhcpagentscheduler.DHCP_NET, dhcpagentscheduler.DHCP_NETS


def more_of_flavors():
    return flavors.ALIAS, flavors.FLAVOR, flavors.FLAVORS, flavors.NEXT_PROVIDERS, flavors.SERVICE_PROFILES


def more_of_floatingip_pools():
    return floatingip_pools.ALIAS, floatingip_pools.FLOATINGIP_POOLS


def more_of_flowclassifier():
    return flowclassifier.ALIAS


def more_of_l3():
    return l3.ALIAS, l3.FLOATINGIP, l3.FLOATINGIPS, l3.ROUTER, l3.ROUTERS


def more_of_l3_conntrack_helper():
    return l3_conntrack_helper.PORT


def more_of_local_ip():
    return local_ip.ALIAS, local_ip.LOCAL_IP_ASSOCIATION, local_ip.LOCAL_IP_ASSOCIATIONS


def more_of_logging():
    return logging.LOGS, logging.LOG_TYPES


def more_of_metering():
    return metering.METERING_LABELS, metering.METERING_LABEL_RULES


def more_of_network():
    return network.ALIAS


def more_of_network_ip_availability():
    return network_ip_availability.ALIAS, network_ip_availability.COLLECTION_NAME


def more_of_network_segment_range():
    return network_segment_range.ALIAS


def more_of_port():
    return port.ALIAS


def more_of_qos():
    return qos.BANDWIDTH_LIMIT_RULES, qos.DSCP_MARKING_RULES, qos.MIN_BANDWIDTH_RULES, qos.POLICIES, qos.POLICY, qos.RULE_TYPES


def more_of_qos_pps_minimum_rule_alias():
    return qos_pps_minimum_rule_alias.MIN_PACKET_RATE_RULES_ALIAS


def more_of_qos_pps_rule():
    return qos_pps_rule.SUB_RESOURCE_ATTRIBUTE_MAP


def more_of_qos_rules_alias():
    return qos_rules_alias.BANDWIDTH_LIMIT_RULES_ALIAS, qos_rules_alias.DSCP_MARKING_RULES_ALIAS, qos_rules_alias.MIN_BANDWIDTH_RULES_ALIAS


def more_of_security_groups_default_statefulness():
    return security_groups_default_statefulness.ALIAS


def more_of_segment():
    return segment.ALIAS


def more_of_servicetype():
    return servicetype.ALIAS, servicetype.SERVICE_ATTR


def more_of_sfc():
    return sfc.PORT_CHAINS, sfc.PORT_PAIRS, sfc.PORT_PAIR_GROUPS


def more_of_subnet():
    return subnet.ALIAS


def more_of_subnetpool():
    return subnetpool.ALIAS


def more_of_taas():
    return taas.TAP_FLOW, taas.TAP_FLOWS


def more_of_tap_mirror():
    return tap_mirror.ALIAS


def more_of_trunk():
    return trunk.ALIAS, trunk.TRUNK, trunk.TRUNKS


def more_of_vlan_filter():
    return vlan_filter.TAP_FLOW, vlan_filter.TAP_FLOWS


def more_of_vpn():
    return vpn.IKE_POLICIES, vpn.IKE_POLICY, vpn.IPSEC_POLICIES, vpn.IPSEC_POLICY, vpn.IPSEC_SITE_CONNECTION, vpn.IPSEC_SITE_CONNECTIONS, vpn.VPNSERVICE, vpn.VPNSERVICES


def more_of_vpn_endpoint_groups():
    return vpn_endpoint_groups.VPN_ENDPOINT_TYPE_NETWORK, vpn_endpoint_groups.VPN_ENDPOINT_TYPE_ROUTER, vpn_endpoint_groups.VPN_ENDPOINT_TYPE_SUBNET


def tagged():
    return standard_attr.get_tag_resource_parent_map()
